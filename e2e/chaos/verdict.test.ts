import { expect, test } from 'vitest';
import type { ViolationKind } from '../protocol/random/checker.ts';
import { verdictTable, type Verdict } from './verdict.ts';

const verdict = (fault: string, ...kinds: readonly ViolationKind[]): Verdict => ({
  ...{ fault, acknowledged: 120, longestSilenceMs: 3_456, reconnects: 7, seconds: 12 },
  violations: kinds.map((kind, index) => ({ kind, detail: `detail ${index + 1}` })),
});

/** The cells of the table's only row, without the fault. */
const cells = (...kinds: readonly ViolationKind[]): string[] =>
  (verdictTable([verdict('Fault', ...kinds)]).split('\n')[2] ?? '')
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());

test('without a violation all is 0', () => {
  expect(cells()).toEqual(['120', '0', '0', '0', '0', '0', '3.5 s', '7', '12 s']);
});

test.each<[ViolationKind, number]>([
  ['lost', 1],
  ['doubled', 2],
  ['order', 3],
  ['hole', 4],
  ['missing', 4],
  ['altered', 5],
  ['foreign', 5],
  ['stale', 5],
  ['refused', 5],
])('%s is counted, and said in words', (kind, column) => {
  const counted = cells(kind, kind);
  expect(counted[column]).toBe('2');
  expect(counted.slice(1, 6).filter((cell) => cell !== '0')).toEqual(['2']);
  expect(verdictTable([verdict('Fault', kind)])).toContain(`- Fault: ${kind}: detail 1`);
});

test('columns are as wide as their widest cell', () => {
  const lines = verdictTable([verdict('Short'), verdict('A fault with a long name')])
    .trimEnd()
    .split('\n');
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
});
