import { expect, test } from 'vitest';
import { cutAround } from './snippet.ts';

const around = (before: number, after: number): string => `${'a'.repeat(before)}HIT${'z'.repeat(after)}`;

test('a short text is not cut', () => {
  expect(cutAround(around(100, 97), 100)).toEqual({ text: around(100, 97) });
});

test('a long text is cut to 200 UTF-16 units around the hit', () => {
  expect(cutAround(around(500, 500), 500)).toEqual({ text: around(60, 137), truncated: true });
  expect(cutAround(around(10, 500), 10)).toEqual({ text: around(10, 187), truncated: true });
  expect(cutAround(around(500, 10), 500)).toEqual({ text: around(187, 10), truncated: true });
});

test('a cut never splits a character', () => {
  const { text } = cutAround('👋'.repeat(500), 501);
  expect(text.isWellFormed()).toBe(true);
  expect(text.length).toBe(198);
});
