import { expect, test } from 'vitest';
import { rendezvous } from './rendezvous.ts';

const keys = Array.from({ length: 3_000 }, (_, index) => `0199a5b0-0000-7000-8000-${String(index).padStart(12, '0')}`);
const endpoints = ['http://10.0.0.1:8082', 'http://10.0.0.2:8082', 'http://10.0.0.3:8082'];

test('chooses the same endpoint for a key in every order of the list', () => {
  for (const key of keys) expect(rendezvous(key, endpoints.toReversed())).toBe(rendezvous(key, endpoints));
});

test('spreads keys evenly over the endpoints', () => {
  const counts = endpoints.map((endpoint) => keys.filter((key) => rendezvous(key, endpoints) === endpoint).length);
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test('moves only the keys of a removed endpoint', () => {
  const [gone, ...left] = endpoints;
  for (const key of keys) {
    const before = rendezvous(key, endpoints);
    if (before !== gone) expect(rendezvous(key, left)).toBe(before);
  }
});

test('rejects an empty list', () => {
  expect(() => rendezvous('key', [])).toThrow(RangeError);
});
