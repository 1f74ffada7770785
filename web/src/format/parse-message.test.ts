import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Inline } from './message-tree.ts';
import { parseMessage } from './parse-message.ts';

/** A message's structure as a string: `<kind …>` for everything but text. */
const outline = (blocks: readonly Block[]): string[] =>
  blocks.map((block) => {
    switch (block.kind) {
      case 'paragraph':
        return inlines(block.children);
      case 'code':
        return `<pre ${block.language}|${block.text}>`;
      case 'quote':
        return `<quote ${outline(block.children).join('¶')}>`;
      case 'list':
        return `<${block.start ?? 'list'} ${block.items.map((item) => outline(item).join('¶')).join('|')}>`;
    }
  });

const inlines = (all: readonly Inline[]): string =>
  all
    .map((inline) => {
      if (inline.kind === 'text') return inline.text;
      return 'children' in inline ? `<${inline.kind} ${inlines(inline.children)}>` : `<${inline.kind} ${inline.text}>`;
    })
    .join('');

const read = (source: string): string => outline(parseMessage(source)).join('¶');

describe('a message', () => {
  it.each([
    ['plain words', 'plain words'],
    ['**bold** and *italic* and _this_', '<strong bold> and <emphasis italic> and <emphasis this>'],
    ['這是**重點**文字', '這是<strong 重點>文字'],
    ['run `npm start` now', 'run <code npm start> now'],
    ['```js\nlet a = 1;\n```', '<pre js|let a = 1;>'],
    ['look:\n```\n<b> *x*\n```\nso', 'look:¶<pre |<b> *x*>¶so'],
    ['- one\n- two\n  - three', '<list one|two¶<list three>>'],
    ['3. three\n4. four', '<3 three|four>'],
    ['> wise\n> words\n\nindeed', '<quote wise\nwords>¶indeed'],
    ['see https://example.org/a?b=1#c, then', 'see <link https://example.org/a?b=1#c>, then'],
    ['**at example.org**', '<strong at <link example.org>>'],
  ])('%j is read as %j', (source, expected) => expect(read(source)).toBe(expected));

  it.each([
    '2*3*4 = 24',
    'snake_case_name',
    '¯\\_(ツ)_/¯',
    '# no heading',
    'no heading\n---',
    '<b>no markup</b> &amp; \\*no escape\\*',
    '    indented\n      more',
    '[text](nowhere)',
    '![image](nowhere)',
    '-5 degrees, +1',
  ])('has no formatting in %j', (source) => expect(read(source)).toBe(source));

  it('keeps addresses whole, also with marks in them', () => {
    expect(read('https://example.org/*a*/_b_ and *c*')).toBe('<link https://example.org/*a*/_b_> and <emphasis c>');
  });

  it('keeps the text after a fence that is never closed', () => {
    expect(read('```oh, I forgot\nthe end')).toBe('<pre |oh, I forgot\nthe end>');
  });

  it('with very many marks is shown as plain text, without parsing', () => {
    for (const unit of ['>', '- ', '*a_ ', '1. ']) {
      const source = unit.repeat(Math.floor(8_000 / unit.length));
      expect(read(source)).toBe(source);
    }
  });
});

const PIECES = [
  ...[
    '*',
    '**',
    '_',
    '`',
    '```',
    '> ',
    '- ',
    '1. ',
    '\n',
    '\n\n',
    '    ',
    '\t',
    '[',
    '](',
    ')',
    '<',
    '>',
    '\\',
    '&lt;',
    '"',
  ],
  ...[
    'javascript:alert(1)',
    'JaVaScRiPt://x',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc',
    'ftp://a.org',
    'blob:x',
  ],
  ...[
    'https://',
    'http://a.org',
    'mailto:',
    'a@b.org',
    'example.org',
    '//x.org',
    '@',
    ':',
    '://',
    'привет',
    '你好',
    'مرحبا',
  ],
];
const message = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'grapheme', maxLength: 6 })), { maxLength: 24 })
  .map((pieces) => pieces.join(''));

const links = (all: readonly Inline[]): string[] =>
  all.flatMap((inline) =>
    inline.kind === 'link' ? [inline.href] : 'children' in inline ? links(inline.children) : [],
  );
const allLinks = (blocks: readonly Block[]): string[] =>
  blocks.flatMap((block) => {
    if (block.kind === 'paragraph') return links(block.children);
    if (block.kind === 'quote') return allLinks(block.children);
    return block.kind === 'list' ? block.items.flatMap(allLinks) : [];
  });

const written = (all: readonly Inline[]): string =>
  all.map((inline) => ('children' in inline ? written(inline.children) : inline.text)).join('');
const allWritten = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => {
      if (block.kind === 'paragraph') return written(block.children);
      if (block.kind === 'code') return block.language + block.text;
      return block.kind === 'quote' ? allWritten(block.children) : block.items.map(allWritten).join('');
    })
    .join('');

describe('in any text,', () => {
  it('every link leads to a web page or an e-mail address', () => {
    fc.assert(
      fc.property(message, (source) => {
        for (const href of allLinks(parseMessage(source))) expect(href).toMatch(/^(https?:\/\/|mailto:)/i);
      }),
      { numRuns: 2_000 },
    );
  });

  it('every character is kept, in order', () => {
    const letters = (text: string): string => (text.match(/\p{L}/gu) ?? []).join('');
    fc.assert(
      fc.property(message, (source) => {
        expect(letters(allWritten(parseMessage(source)))).toBe(letters(source));
      }),
      { numRuns: 2_000 },
    );
  });
});
