import { expect, it } from 'vitest';
import { safePath } from './use-next-page.ts';

it.each([
  ['/rooms/abc', '/rooms/abc'],
  ['/join/abc?x=1', '/join/abc?x=1'],
  [undefined, '/'],
  ['https://evil.example', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  [['/a', '/b'], '/'],
])('signing in with next=%j leads to %j', (next, path) => {
  expect(safePath(next)).toBe(path);
});
