import { expect, test } from 'vitest';
import { rendezvous } from './rendezvous.ts';

const keys = Array.from({ length: 3_000 }, (_, index) => `0199a5b0-0000-7000-8000-${String(index).padStart(12, '0')}`);
const endpoints = ['http://10.0.0.1:8082', 'http://10.0.0.2:8082', 'http://10.0.0.3:8082'];

test('the same key goes to the same endpoint, in whatever order they are listed', () => {
  for (const key of keys) expect(rendezvous(key, endpoints.toReversed())).toBe(rendezvous(key, endpoints));
});

test('every endpoint gets its share', () => {
  const counts = endpoints.map((endpoint) => keys.filter((key) => rendezvous(key, endpoints) === endpoint).length);
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test('when an endpoint goes, only its own keys move', () => {
  const [gone, ...left] = endpoints;
  for (const key of keys) {
    const before = rendezvous(key, endpoints);
    if (before !== gone) expect(rendezvous(key, left)).toBe(before);
  }
});

test('an empty list is refused', () => {
  expect(() => rendezvous('key', [])).toThrow(RangeError);
});
