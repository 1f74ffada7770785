import { describe, expect, test } from 'vitest';
import { afterClose, backoff, gapWait, pauseAfterBusy } from './backoff.ts';

const [least, most] = [() => 0, () => 0.999_999];

describe('backoff', () => {
  test.each([
    [0, 5_000],
    [1, 10_000],
    [2, 20_000],
    [3, 30_000],
    [40, 30_000],
  ])('after %i failures waits anywhere from 0 to %i ms', (failures, longest) => {
    expect(backoff(failures, least)).toBe(0);
    expect(backoff(failures, most)).toBe(longest);
  });
});

describe('pauseAfterBusy', () => {
  test("uses the server's retryAfterMs", () => expect(pauseAfterBusy(7, 1_234, most)).toBe(1_234));
  test.each([
    [0, 500, 1_000],
    [1, 1_000, 2_000],
    [10, 15_000, 30_000],
  ])('after %i pauses without its word waits %i to %i ms', (pauses, shortest, longest) => {
    expect(pauseAfterBusy(pauses, undefined, least)).toBe(shortest);
    expect(pauseAfterBusy(pauses, undefined, most)).toBe(longest);
  });
});

test('waits 250 to 2,000 ms for a gap to close', () => {
  expect([gapWait(least), gapWait(most)]).toEqual([250, 2_000]);
});

describe('afterClose', () => {
  test.each([
    [1006, { kind: 'retry', delayMs: 5_000, reason: 'unreachable' }],
    [1009, { kind: 'retry', delayMs: 5_000, reason: 'unreachable' }],
    [1012, { kind: 'retry', delayMs: 5_000, reason: 'restart' }],
    [1013, { kind: 'retry', delayMs: 10_000, reason: 'unreachable' }],
    [4001, { kind: 'ended' }],
    [4002, { kind: 'outdated' }],
    [4008, { kind: 'retry', delayMs: 5_000, reason: 'unreachable' }],
  ])('of %i', (code, expected) => {
    expect(afterClose(code, 0, most)).toEqual(expected);
  });
});
