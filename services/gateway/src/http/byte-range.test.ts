import { expect, test } from 'vitest';
import { parseRange } from './byte-range.ts';

test.each([
  ['bytes=0-99', { kind: 'part', start: 0, end: 99 }],
  ['bytes=900-', { kind: 'part', start: 900, end: 999 }],
  ['bytes=-100', { kind: 'part', start: 900, end: 999 }],
  ['bytes=-5000', { kind: 'part', start: 0, end: 999 }],
  ['bytes=990-2000', { kind: 'part', start: 990, end: 999 }],
])('%s is a part of 1,000 bytes', (header, range) => {
  expect(parseRange(header, 1_000)).toEqual(range);
});

test.each([undefined, 'bytes=-', 'bytes=9-1', 'bytes=0-1,5-9', 'items=0-1', 'bytes=a-b'])(
  '%s is answered with everything',
  (header) => {
    expect(parseRange(header, 1_000)).toEqual({ kind: 'all' });
  },
);

test.each(['bytes=1000-', 'bytes=-0', 'bytes=5000-6000'])('%s cannot be had of 1,000 bytes', (header) => {
  expect(parseRange(header, 1_000)).toEqual({ kind: 'unsatisfiable' });
});
