import type { User } from '@parley/protocol';
import type { Block, Inline } from './message-tree.ts';

/** Marks each `@Display Name` of the mentioned users, except in code and links. */
export function withMentions(blocks: readonly Block[], mentioned: readonly User[]): readonly Block[] {
  const names = new Map(mentioned.map((user) => [`@${user.displayName}`, user]));
  if (names.size === 0) return blocks;
  // The longest first: `@Ada Lovelace` is not a mention of Ada.
  const written = [...names.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${written.join('|')})(?![\\p{L}\\p{N}])`, 'gu');

  function inText(text: string): Inline[] {
    const parts: Inline[] = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      const user = names.get(match[0]);
      if (user === undefined) continue;
      if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
      parts.push({ kind: 'mention', text: match[0], userId: user.userId });
      end = match.index + match[0].length;
    }
    if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
    return parts;
  }

  const inInlines = (inlines: readonly Inline[]): Inline[] =>
    inlines.flatMap((inline): Inline[] => {
      if (inline.kind === 'text') return inText(inline.text);
      return 'children' in inline ? [{ ...inline, children: inInlines(inline.children) }] : [inline];
    });

  const inBlocks = (all: readonly Block[]): Block[] =>
    all.map((block): Block => {
      switch (block.kind) {
        case 'paragraph':
          return { ...block, children: inInlines(block.children) };
        case 'quote':
          return { ...block, children: inBlocks(block.children) };
        case 'list':
          return { ...block, items: block.items.map(inBlocks) };
        case 'code':
          return block;
      }
    });
  return inBlocks(blocks);
}
