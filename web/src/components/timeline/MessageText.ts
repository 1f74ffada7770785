import { h, type FunctionalComponent, type VNodeChild } from 'vue';
import { textParts, type TextPart } from '../../format/text-parts.ts';

interface Props {
  readonly text: string;
  /** Only emoji: shown larger. */
  readonly large: boolean;
}

/** A message's text with its links and code. Built of text nodes, so that nothing in it can become markup. */
const MessageText: FunctionalComponent<Props> = ({ text, large }) =>
  h(
    'div',
    { class: ['message-text', { 'message-text-large': large }], dir: 'auto' },
    large ? text : textParts(text).map(drawPart),
  );
MessageText.props = { text: { type: String, required: true }, large: { type: Boolean, required: true } };

function drawPart(part: TextPart): VNodeChild {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'link':
      return h(
        'a',
        { href: part.href, target: '_blank', rel: 'noopener noreferrer', class: 'message-link' },
        part.text,
      );
    case 'code':
      return h('code', { class: 'code' }, part.text);
    case 'block':
      return h('pre', { class: 'message-code', dir: 'ltr' }, h('code', part.text));
  }
}

export default MessageText;
