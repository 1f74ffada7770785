import { expect, test } from 'vitest';
import type { ViolationKind } from '../protocol/random/checker.ts';
import { resultTable, type FaultResult } from './fault-result.ts';

const result = (fault: string, ...kinds: readonly ViolationKind[]): FaultResult => ({
  ...{ fault, acknowledged: 120, longestDeliveryGapMs: 3_456, reconnects: 7, seconds: 12 },
  violations: kinds.map((kind, index) => ({ kind, detail: `detail ${index + 1}` })),
});

/** The cells of the table's only row, without the fault. */
const cells = (...kinds: readonly ViolationKind[]): string[] =>
  (resultTable([result('Fault', ...kinds)]).split('\n')[2] ?? '')
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());

test('shows 0 in every column without violations', () => {
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
])('counts %s, and lists it below the table', (kind, column) => {
  const counted = cells(kind, kind);
  expect(counted[column]).toBe('2');
  expect(counted.slice(1, 6).filter((cell) => cell !== '0')).toEqual(['2']);
  expect(resultTable([result('Fault', kind)])).toContain(`- Fault: ${kind}: detail 1`);
});

test('makes columns as wide as their widest cell', () => {
  const lines = resultTable([result('Short'), result('A fault with a long name')])
    .trimEnd()
    .split('\n');
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
});
