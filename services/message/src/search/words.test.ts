import { describe, expect, test } from 'vitest';
import { findHit, parseQuery, tokensOf } from './words.ts';

const finds = (text: string, query: string): boolean => {
  const parsed = parseQuery(query);
  return parsed !== undefined && findHit(text, parsed) !== undefined;
};
/** Whether the index returns the text for the query. */
const indexFinds = (text: string, query: string): boolean =>
  parseQuery(query)?.prefixes.every((prefix) => tokensOf(text).some((token) => token.startsWith(prefix))) ?? false;

test('scripts without spaces are indexed by pairs of characters, other words whole, each once', () => {
  expect(tokensOf('天氣很好')).toEqual(['天氣', '氣很', '很好', '好']);
  expect(tokensOf('go Go GO!')).toEqual(['go']);
  expect(tokensOf('x'.repeat(100))).toEqual(['x'.repeat(40)]);
});

describe.each<[text: string, found: readonly string[], missed: readonly string[]]>([
  ['Die Straße ist lang', ['Straße', 'straß', 'LANG die'], ['gasse', 'ist nicht']],
  ['Crème brûlée at the café', ['creme', 'CAFÉ', 'brul', 'café crème'], ['rulee', 'cafeteria']],
  ['今天天氣很好', ['天氣', '天', '好', '今天天氣', '很好'], ['天很', '壞', '氣天']],
  ['東京タワーへ行きました', ['東京', 'タワー', '行きました'], ['京都']],
  ['مرحبا بالعالم، هذا الكتابُ جميل', ['مرحبا', 'الكتاب', 'كتاب', 'كِتَاب', 'مرحـــبا'], ['سلام']],
  ['أهلاً وسهلاً', ['اهلا', 'أهلا'], ['هلا']],
  ['release v2.10 of parley-web', ['v2', '10', 'parley web', 'parley-web'], ['v3', '.*']],
  ['สวัสดีครับ', ['สวัสดี', 'ครับ'], ['ลาก่อน']],
  ['안녕하세요 여러분', ['안녕', '여러분'], ['감사']],
])('in “%s”', (text, found, missed) => {
  test.each(found)('%s is found', (query) => {
    expect([finds(text, query), indexFinds(text, query)]).toEqual([true, true]);
  });

  test.each(missed)('%s is not', (query) => {
    expect(finds(text, query)).toBe(false);
  });
});

test('the hit is at the first of the words', () => {
  const query = parseQuery('green tea');
  expect(query && findHit('A cup of tea, green', query)).toBe(9);
});

test('a query without letters and digits is undefined', () => {
  expect(parseQuery(' .* 👍 ')).toBeUndefined();
});

test('a word that a query repeats counts once', () => {
  expect(parseQuery('a '.repeat(100))?.words).toHaveLength(1);
  expect(parseQuery('Zebra ZÉBRA zebras')?.words.map(({ folded }) => folded)).toEqual(['zebra', 'zebras']);
});
