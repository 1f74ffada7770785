import { expect, test } from 'vitest';
import { writeIntervalMs } from './write-interval.ts';

test('the write interval is zero for small rooms and grows with the number of subscriptions up to 20 ms', () => {
  expect([0, 1, 6, 10, 100, 200, 5_000].map(writeIntervalMs)).toEqual([0, 0, 0, 1.6, 16, 20, 20]);
});
