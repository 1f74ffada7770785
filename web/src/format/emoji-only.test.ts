import { describe, expect, it } from 'vitest';
import { isEmojiOnly } from './emoji-only.ts';

describe('a message of emoji only', () => {
  it.each(['🎉', '👍🏽 👍', '👩‍👩‍👧‍👦🇩🇪', '❤️'])('is recognised: %s', (text) => {
    expect(isEmojiOnly(text)).toBe(true);
  });

  it.each(['1', '#', 'ok 👍', '', ' ', '🎉🎉🎉🎉🎉🎉🎉'])('is not %j', (text) => {
    expect(isEmojiOnly(text)).toBe(false);
  });
});
