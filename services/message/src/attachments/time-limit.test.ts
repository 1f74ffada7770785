import { expect, test } from 'vitest';
import { TimeLimit } from './time-limit.ts';

test('each step gets the remaining seconds, and 0 after the end', () => {
  let now = 5_000;
  const limit = new TimeLimit(20, () => now);
  const leftAt = [5_000, 5_001, 18_000, 24_001, 24_999, 25_000, 90_000].map((time) => {
    now = time;
    return limit.secondsLeft();
  });
  expect(leftAt).toEqual([20, 20, 7, 1, 1, 0, 0]);
});
