import { expect, test } from 'vitest';
import { ratio, shortNumber } from './numbers.ts';

test('numbers show what matters of them', () => {
  expect([0, 0.01234, 1.234, 12.34, 123.4, 123_456.7].map(shortNumber)).toEqual([
    '0',
    '0.012',
    '1.2',
    '12',
    '123',
    '123,457',
  ]);
  expect(shortNumber(Infinity)).toBe('–');
});

test('a ratio is to something', () => {
  expect([ratio(10, 4), ratio(10, undefined), ratio(10, 0)]).toEqual(['2.5 ×', '–', '–']);
});
