import { expect, test } from 'vitest';
import { reconnectDelay } from './redis-client.ts';

test('reconnects with delays of up to 2 s, up to half of each at random', () => {
  const attempts = [1, 2, 3, 4, 5, 6, 7, 100];
  expect(attempts.map((attempt) => reconnectDelay(attempt, () => 0))).toEqual([
    50, 100, 200, 400, 800, 1600, 2000, 2000,
  ]);
  expect(reconnectDelay(100, () => 1)).toBe(1_000);
});
