import type { MessageId, UserId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { receiptPlaces } from './receipt-places.ts';
import type { TimelineRow } from './rows.ts';

const [ada, bob, eve] = ['ada', 'bob', 'eve'] as UserId[] as [UserId, UserId, UserId];
const row = (seq: number | null, userId: UserId): TimelineRow => ({
  ...{ kind: 'message', key: `m${seq}` as MessageId, messageId: `m${seq}` as MessageId, seq, userId, own: false },
  ...{
    text: '',
    images: [],
    at: 1,
    first: true,
    replyTo: null,
    mentions: [],
    message: null,
    status: 'success',
    error: null,
  },
});

test('a reader is shown at the last message that they have read', () => {
  const rows = [row(1, ada), row(3, ada), { kind: 'new', key: 'new' } as const, row(5, ada), row(null, ada)];
  const places = receiptPlaces(rows, [
    { userId: bob, seq: 4 },
    { userId: eve, seq: 9 },
  ]);
  expect([...places]).toEqual([
    ['m5', [eve]],
    ['m3', [bob]],
  ]);
});

test('a reader is shown neither at their own message nor above the loaded messages', () => {
  expect([
    ...receiptPlaces(
      [row(5, bob)],
      [
        { userId: bob, seq: 5 },
        { userId: eve, seq: 4 },
      ],
    ),
  ]).toEqual([]);
});
