import { expect, test } from 'vitest';
import { wordsOf, wordStarts } from './words.ts';

test('words carry their positions in the text', () => {
  expect(wordsOf('Ça va, 世界!')).toEqual([
    { folded: 'ca', unspaced: false, start: 0, end: 2 },
    { folded: 'va', unspaced: false, start: 3, end: 5 },
    { folded: '世界', unspaced: true, start: 7, end: 9 },
  ]);
  expect(wordsOf(' .*$^ 👍 \u0000')).toEqual([]);
});

test('an Arabic word can also be found without its article', () => {
  expect(wordsOf('السماء ال').map(({ folded }) => wordStarts(folded))).toEqual([[0, 2], [0]]);
});
