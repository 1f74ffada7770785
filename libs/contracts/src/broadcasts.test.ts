import type { MessageId, RoomEvent, RoomId, UserId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { decodeRoomBroadcast, encodeRoomBroadcast, encodeRoomNotice } from './broadcasts.ts';

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

test('the body of a broadcast is the inside of a JSON array, whatever the texts contain', () => {
  const events = [event(1, 'line\nfeed'), event(2, '{"kind":"events"}\n'), event(3, '日本語 🎉')];
  const { header, events: body } = decodeRoomBroadcast(
    encodeRoomBroadcast({ kind: 'events', roomId, firstSeq: 1, lastSeq: 3 }, events),
  );
  expect(header).toEqual({ kind: 'events', roomId, firstSeq: 1, lastSeq: 3 });
  expect(JSON.parse(`[${body.toString()}]`)).toEqual(events);
});

test('a room notice is an empty part of the log to readers that do not know its kind', () => {
  const notice = { kind: 'typing', roomId, userId: user.userId } as const;
  const { header, events: body } = decodeRoomBroadcast(encodeRoomNotice(notice));
  expect(header).toEqual({ ...notice, firstSeq: 1, lastSeq: 0 });
  expect(body).toHaveLength(0);
});

test('a payload without a header is rejected', () => {
  expect(() => decodeRoomBroadcast(Buffer.from('{}'))).toThrow(SyntaxError);
});
