import type { User, UserId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { withMentions } from './mentions.ts';
import type { Block } from './message-tree.ts';

const user = (displayName: string): User => ({ userId: displayName.toLowerCase() as UserId, displayName });
const people = [user('Ada'), user('Ada Lovelace'), user('C++ (fan)')];
const paragraph = (text: string): Block[] => [{ kind: 'paragraph', children: [{ kind: 'text', text }] }];

function mentionsIn(text: string): string[] {
  return withMentions(paragraph(text), people).flatMap((block) =>
    block.kind === 'paragraph'
      ? block.children.map(({ kind, ...rest }) => `${kind}:${'text' in rest ? rest.text : ''}`)
      : [],
  );
}

describe('mentions', () => {
  it.each([
    ['hi @Ada, come', ['text:hi ', 'mention:@Ada', 'text:, come']],
    ['@Ada Lovelace!', ['mention:@Ada Lovelace', 'text:!']],
    ['@Adam', ['text:@Adam']],
    ['mail@Ada', ['text:mail@Ada']],
    ['@C++ (fan) @Bob', ['mention:@C++ (fan)', 'text: @Bob']],
  ])('in %j are found by the whole name', (text, expected) => expect(mentionsIn(text)).toEqual(expected));

  it('are found in quotes and lists, not in code', () => {
    const code: Block = { kind: 'code', text: '@Ada', language: '' };
    const blocks: Block[] = [
      { kind: 'quote', children: [{ kind: 'list', start: null, items: [paragraph('@Ada'), [code]] }] },
    ];
    expect(JSON.stringify(withMentions(blocks, people)).match(/"mention"/g)).toHaveLength(1);
  });
});
