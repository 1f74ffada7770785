import { expect, test } from 'vitest';
import { addTallies, closingLine, tallyOf, type VitestReport } from './tally.ts';

const report = (changes: Partial<VitestReport>): VitestReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...changes,
});

test('counts passed, failed and skipped tests', () => {
  const counted = tallyOf(report({ numPassedTests: 5, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }), 1);
  expect(counted).toEqual({ passed: 5, failed: 2, skipped: 2 });
});

test('counts a file that cannot be loaded as a failure', () => {
  const files = [{ status: 'failed', assertionResults: [] }];
  expect(tallyOf(report({ numPassedTests: 5, testResults: files }), 1).failed).toBe(1);
});

test('counts a failed run without a failed test as a failure', () => {
  expect(tallyOf(report({ numPassedTests: 5 }), 1).failed).toBe(1);
  expect(tallyOf(report({ numPassedTests: 5 }), null).failed).toBe(1);
});

test('names skipped tests in the closing line only when there are any', () => {
  const sum = addTallies({ passed: 1, failed: 0, skipped: 0 }, { passed: 2, failed: 0, skipped: 0 });
  expect(closingLine(sum)).toBe('3 passed, 0 failed');
  expect(closingLine({ ...sum, skipped: 4 })).toBe('3 passed, 0 failed, 4 skipped');
});
