import { ERROR_CODES, type ErrorCode, type MessageId, type RoomId, type WireError } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { afterSending, nextToSend, retried, toUnsent, type Delivery, type OutgoingMessage } from './outbox.ts';

const wireError = (code: ErrorCode, retryAfterMs?: number): WireError => ({
  code,
  message: code,
  ...ERROR_CODES[code],
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

const message = (order: number, delivery: Delivery): OutgoingMessage => ({
  roomId: 'room' as RoomId,
  messageId: `message-${order}` as MessageId,
  text: 'hello',
  images: [],
  replyTo: null,
  mentions: [],
  createdAt: order,
  order,
  delivery,
});

const pending = (tries = 0): Delivery => ({ status: 'pending', tries });
const inFlight: Delivery = { status: 'inFlight', tries: 0 };
const failed: Delivery = { status: 'failed', tries: 3, error: wireError('internal') };
const success: Delivery = { status: 'success', seq: 9 };

describe('afterSending', () => {
  test.each<ErrorCode>(['rate_limited', 'unavailable', 'unauthenticated'])('%s never counts as a try', (code) => {
    const verdict = afterSending(2, { kind: 'error', error: wireError(code, 700) });
    expect(verdict).toEqual({ delivery: pending(2), pause: { kind: 'pause', retryAfterMs: 700 } });
  });

  test('a closed socket never counts as a try', () => {
    expect(afterSending(2, { kind: 'closed' })).toEqual({ delivery: pending(2), pause: { kind: 'none' } });
  });

  test.each([
    ['timeout', { kind: 'timeout' }],
    ['internal', { kind: 'error', error: wireError('internal') }],
  ] as const)('%s counts, and the third fails', (_, result) => {
    expect(afterSending(0, result).delivery).toEqual(pending(1));
    expect(afterSending(1, result).delivery).toEqual(pending(2));
    expect(afterSending(2, result).delivery).toMatchObject({ status: 'failed', tries: 3 });
  });

  test.each<ErrorCode>(['invalid', 'not_member', 'not_found', 'conflict', 'too_large', 'unknown_action'])(
    '%s fails at once',
    (code) => {
      const error = wireError(code);
      expect(afterSending(0, { kind: 'error', error }).delivery).toEqual({ status: 'failed', tries: 1, error });
    },
  );

  test('an unknown error counts by whether it is retryable', () => {
    const error: WireError = JSON.parse('{"code":"from_the_future","message":"","retryable":true}');
    expect(afterSending(0, { kind: 'error', error }).delivery).toEqual(pending(1));
  });
});

describe('nextToSend', () => {
  test.each([
    ['the first pending one is next', [pending(), pending()], 0],
    ['what succeeded is passed over', [success, pending(1)], 1],
    ['one in flight holds those after it', [inFlight, pending()], null],
    ['a failed one holds those after it', [failed, pending()], null],
    ['nothing is left', [success], null],
  ] as const)('%s', (_, deliveries, expected) => {
    const queue = deliveries.map((delivery, index) => message(index, delivery));
    expect(nextToSend(queue)?.order ?? null).toBe(expected);
  });
});

test('a retried message starts with no tries', () => {
  expect(retried(message(1, failed)).delivery).toEqual(pending(0));
});

test('shows an acknowledged message as in flight until its entry is shown', () => {
  expect(toUnsent(message(1, success))).toMatchObject({ status: 'inFlight', error: null });
  expect(toUnsent(message(1, failed))).toMatchObject({ status: 'failed', error: { code: 'internal' } });
});
