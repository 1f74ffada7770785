import { expect, it } from 'vitest';
import { formatBytes, formatNumber } from './numbers.ts';

it.each([
  [912, '0.9 kB'],
  [34_400, '34 kB'],
  [2_440_000, '2.4 MB'],
  [10_000_000, '10 MB'],
])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

it('groups the digits of large numbers', () => expect(formatNumber(12_345)).toBe('12,345'));
