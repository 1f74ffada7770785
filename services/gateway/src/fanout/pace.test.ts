import { expect, test } from 'vitest';
import { restAfterFrame } from './pace.ts';

test('small rooms never rest, larger ones the longer the more it costs to write to them, up to what nobody notices', () => {
  expect([0, 1, 6, 10, 100, 200, 5_000].map(restAfterFrame)).toEqual([0, 0, 0, 1.6, 16, 20, 20]);
});
