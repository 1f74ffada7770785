import type { RoomEvent, RoomId, UserId } from '@parley/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogOrder, parseEvents, toBatch, type Batch } from './log-order.ts';

const event = (seq: number): RoomEvent => ({
  event: 'member_left',
  roomId: 'room' as RoomId,
  seq,
  data: { userId: 'user' as UserId },
});

/** Entries first to last. */
function batch(first: number, last = first): Batch {
  const events = Array.from({ length: last - first + 1 }, (_, index) => event(first + index));
  return toBatch(events, first, last);
}

const seqs = (batches: readonly Batch[]): number[] => batches.flatMap((one) => parseEvents(one).map(({ seq }) => seq));

function orderFrom(seq: number): LogOrder {
  const order = new LogOrder();
  order.startAt(seq);
  return order;
}

test('what comes in order passes as the bytes that came', () => {
  const order = orderFrom(4);
  const next = batch(5, 6);
  expect(order.accept(next)).toEqual([next]);
  expect(order.lastSeq).toBe(6);
});

test('what comes again is dropped', () => {
  const order = orderFrom(4);
  order.accept(batch(5));
  expect(order.accept(batch(5))).toEqual([]);
});

test('of a batch that reaches back only the new entries pass', () => {
  expect(seqs(orderFrom(4).accept(batch(3, 6)))).toEqual([5, 6]);
});

test('what comes early waits for what is before it', () => {
  const order = orderFrom(4);
  expect(order.accept(batch(7))).toEqual([]);
  expect(order.hasGap).toBe(true);
  expect(seqs(order.accept(batch(5, 6)))).toEqual([5, 6, 7]);
  expect(order.hasGap).toBe(false);
});

test('a gap that cannot be filled is skipped', () => {
  const order = orderFrom(4);
  order.accept(batch(7));
  expect(seqs(order.skipGap())).toEqual([7]);
});

test('the first that is heard of an unknown log passes', () => {
  expect(seqs(new LogOrder().accept(batch(9)))).toEqual([9]);
});

test('whatever the bus repeats and reorders, each entry passes once and in order', () => {
  const pieces = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 4 })), { maxLength: 60 });
  fc.assert(
    fc.property(pieces, (starts) => {
      const order = orderFrom(0);
      const passed = starts.flatMap(([first, more]) => seqs(order.accept(batch(first, first + more))));
      passed.push(...seqs(order.accept(batch(1, 30))));
      expect(passed).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    }),
  );
});
