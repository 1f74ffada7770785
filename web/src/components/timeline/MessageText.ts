import type { User, UserId } from '@parley/protocol';
import { h, type FunctionalComponent, type PropType, type VNodeChild } from 'vue';
import { withMentions } from '../../format/mentions.ts';
import { messageBlocks } from '../../format/message-parser.ts';
import type { Block, Inline } from '../../format/message-tree.ts';

interface Props {
  readonly text: string;
  /** The text has only emoji, and is shown larger. */
  readonly large: boolean;
  /** The mentioned users: `@` and their name is highlighted in the text. */
  readonly mentioned?: readonly User[];
  /** The current user, whose own mention is highlighted most. */
  readonly ownId?: UserId | undefined;
}

/** A message's formatted text. Built of text nodes, so that nothing in it can become markup. */
const MessageText: FunctionalComponent<Props> = ({ text, large, mentioned = [], ownId }) => {
  if (large) return h('div', { class: 'message-text message-text-large', dir: 'auto' }, text);
  const blocks = withMentions(messageBlocks(text), mentioned);
  return h('div', { class: 'message-text' }, drawBlocks(blocks, ownId, 'auto'));
};
MessageText.props = {
  text: { type: String, required: true },
  large: { type: Boolean, required: true },
  mentioned: { type: Array as PropType<readonly User[]>, required: false },
  ownId: { type: String as unknown as PropType<UserId>, required: false },
};

type Reader = UserId | undefined;

function drawBlocks(blocks: readonly Block[], reader: Reader, dir?: 'auto'): VNodeChild[] {
  return blocks.map((block) => drawBlock(block, reader, dir));
}

/** @param dir for the outermost blocks: each takes its direction from its own text */
function drawBlock(block: Block, reader: Reader, dir?: 'auto'): VNodeChild {
  switch (block.kind) {
    case 'paragraph':
      return h('p', { class: 'message-paragraph', dir }, drawInlines(block.children, reader));
    case 'code':
      return h('pre', { class: 'message-code', dir: 'ltr' }, [
        block.language === '' ? null : h('span', { class: 'message-code-language' }, `${block.language}\n`),
        h('code', block.text),
      ]);
    case 'quote':
      return h('blockquote', { class: 'message-quote', dir }, drawBlocks(block.children, reader));
    case 'list': {
      const items = block.items.map((item) => h('li', drawBlocks(item, reader)));
      if (block.start === null) return h('ul', { class: 'message-list', role: 'list', dir }, items);
      return h('ol', { class: 'message-list', start: block.start, dir }, items);
    }
  }
}

function drawInlines(inlines: readonly Inline[], reader: Reader): VNodeChild[] {
  return inlines.map((inline) => drawInline(inline, reader));
}

function drawInline(inline: Inline, reader: Reader): VNodeChild {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'code':
      return h('code', { class: 'code' }, inline.text);
    case 'link':
      return h(
        'a',
        { href: inline.href, target: '_blank', rel: 'noopener noreferrer', class: 'message-link' },
        inline.text,
      );
    case 'mention':
      return h('bdi', { class: ['message-mention', { 'message-mention-own': inline.userId === reader }] }, inline.text);
    case 'strong':
    case 'emphasis':
      return h(inline.kind === 'strong' ? 'strong' : 'em', drawInlines(inline.children, reader));
  }
}

export default MessageText;
