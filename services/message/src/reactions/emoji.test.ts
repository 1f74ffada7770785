import { expect, test } from 'vitest';
import { isEmoji } from './emoji.ts';

test.each(['👍', '❤️', '❤', '👍🏽', '👩‍👩‍👧', '🧑🏿‍🚀', '🏳️‍🌈', '🇫🇷', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '1️⃣', '#️⃣', '☺', '👩🏽‍❤️‍💋‍👨🏿', '🫨'])(
  '%s is an emoji',
  (emoji) => {
    expect(isEmoji(emoji)).toBe(true);
  },
);

test.each([
  '',
  'a',
  '1',
  '#',
  'ok',
  '👍👍',
  '👍 ',
  ' 👍',
  '👍a',
  ':+1:',
  '🇫',
  '\u200d',
  '\ufe0f',
  'é',
  '漢',
  '\ud83d',
  '👍\n',
])('%j is not an emoji', (text) => {
  expect(isEmoji(text)).toBe(false);
});

test('a text of more than 32 UTF-16 units, or another type, is not an emoji', () => {
  expect(isEmoji(`👩${'\u200d👩'.repeat(10)}`)).toBe(true);
  expect(isEmoji(`👩${'\u200d👩'.repeat(11)}`)).toBe(false);
  expect(isEmoji(undefined)).toBe(false);
  expect(isEmoji(128_077)).toBe(false);
});
