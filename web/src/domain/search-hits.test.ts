import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSearchable, markHits } from './search-hits.ts';

/** A text with its hits in brackets. */
const marked = (text: string, query: string): string =>
  markHits(text, query)
    .map((part) => (part.isHit ? `[${part.text}]` : part.text))
    .join('');

describe('the hits of a search', () => {
  it.each([
    ['the engine runs', 'engine', 'the [engine] runs'],
    ['engines, Engine’s', 'ENGINE', '[engine]s, [Engine]’s'],
    ['reengineered', 'engine', 'reengineered'],
    ['Zoë saw a ZEBRA', 'zoe zebra', '[Zoë] saw a [ZEBRA]'],
    ['明天下午在台北開會', '台北', '明天下午在[台北]開會'],
    ['台北、新台北', '台北', '[台北]、新[台北]'],
    ['用Docker部署', 'docker', '用[Docker]部署'],
    ['قرأتُ الكتابَ أمس', 'كتاب', 'قرأتُ ال[كتابَ] أمس'],
    ['أمس', 'امس', '[أمس]'],
    ['ｆｕｌｌ width', 'full', '[ｆｕｌｌ] width'],
    ['🎉 party 🎉', 'party', '🎉 [party] 🎉'],
    ['ab', 'a ab', '[ab]'],
    ['nothing', 'else', 'nothing'],
    ['', 'word', ''],
    ['p.*n', '.*', 'p.*n'],
    ['<b>bold</b>', 'bold', '<b>[bold]</b>'],
  ])('in %j for %j are marked as %j', (text, query, expected) => expect(marked(text, query)).toBe(expected));

  it('keep every character of any text, in order', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(text, text, (written, query) => {
        const parts = markHits(written, query);
        expect(parts.map((part) => part.text).join('')).toBe(written);
        expect(parts.every((part) => part.text !== '')).toBe(true);
      }),
    );
  });
});

it.each([
  ['engine', true],
  ['開', true],
  ['7', true],
  ['', false],
  [' .*', false],
  ['👍', false],
])('whether %j can be looked for: %j', (query, searchable) => expect(isSearchable(query)).toBe(searchable));
