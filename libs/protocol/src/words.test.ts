import { expect, test } from 'vitest';
import { wordsOf, wordStarts } from './words.ts';

test('the words of a text know where they stand', () => {
  expect(wordsOf('Ça va, 世界!')).toEqual([
    { folded: 'ca', unspaced: false, start: 0, end: 2 },
    { folded: 'va', unspaced: false, start: 3, end: 5 },
    { folded: '世界', unspaced: true, start: 7, end: 9 },
  ]);
  expect(wordsOf(' .*$^ 👍 \u0000')).toEqual([]);
});

test('an Arabic word begins behind its article, too', () => {
  expect(wordsOf('السماء ال').map(({ folded }) => wordStarts(folded))).toEqual([[0, 2], [0]]);
});
