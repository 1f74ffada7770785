import type { MessageId, RoomEvent, RoomId, UserId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { decodeRoomBroadcast, encodeRoomBroadcast } from './broadcasts.ts';

const roomId = 'room-0000-0000-0001' as RoomId;
const user = { userId: 'user-0000-0000-0001' as UserId, displayName: 'Ada' };

const event = (seq: number, text: string): RoomEvent => ({
  event: 'message_created',
  roomId,
  seq,
  data: {
    message: {
      roomId,
      seq,
      messageId: `message-0000-000${seq}` as MessageId,
      userId: user.userId,
      text,
      attachments: [],
      reactions: [],
      createdAt: 1,
    },
    user,
  },
});

test('the events of a broadcast are the inside of an array, whatever their text', () => {
  const events = [event(1, 'line\nfeed'), event(2, '{"kind":"events"}\n'), event(3, '日本語 🎉')];
  const { header, events: body } = decodeRoomBroadcast(
    encodeRoomBroadcast({ kind: 'events', roomId, firstSeq: 1, lastSeq: 3 }, events),
  );
  expect(header).toEqual({ kind: 'events', roomId, firstSeq: 1, lastSeq: 3 });
  expect(JSON.parse(`[${body.toString()}]`)).toEqual(events);
});

test('what has no header is refused', () => {
  expect(() => decodeRoomBroadcast(Buffer.from('{}'))).toThrow(SyntaxError);
});
