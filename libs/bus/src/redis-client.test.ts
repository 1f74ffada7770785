import { expect, test } from 'vitest';
import { reconnectDelay } from './redis-client.ts';

test('reconnecting backs off to 2 s, and by up to half of that at random', () => {
  const attempts = [1, 2, 3, 4, 5, 6, 7, 100];
  expect(attempts.map((attempt) => reconnectDelay(attempt, () => 0))).toEqual([
    50, 100, 200, 400, 800, 1600, 2000, 2000,
  ]);
  expect(reconnectDelay(100, () => 1)).toBe(1_000);
});
