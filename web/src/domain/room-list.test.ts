import type { Message, MessageId, RoomEvent, RoomId, RoomSummary, User, UserId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { mergeRoom, withEvent } from './room-list.ts';

const roomId = 'room' as RoomId;
const user = (name: string): User => ({ userId: name as UserId, displayName: name });
const [ada, bob] = [user('ada'), user('bob')];

const room = (changes: Partial<RoomSummary> = {}): RoomSummary => ({
  roomId,
  name: 'Engines',
  members: [ada, bob],
  memberCount: 2,
  createdAt: 1,
  head: 10,
  count: 7,
  readSeq: 9,
  readCount: 6,
  lastMessage: null,
  ...changes,
});
const message = (seq: number, userId: UserId, text = 'hello'): Message => ({
  roomId,
  seq,
  messageId: `message-${seq}` as MessageId,
  userId,
  text,
  attachments: [],
  reactions: [],
  createdAt: seq,
});
const created = (seq: number, user: User, text?: string): RoomEvent => ({
  event: 'message_created',
  roomId,
  seq,
  data: { message: message(seq, user.userId, text), user },
});

describe('withEvent', () => {
  test('counts a message of another user as the last one, unread', () => {
    expect(withEvent(room(), created(11, bob), ada.userId)).toEqual(
      room({ head: 11, count: 8, lastMessage: message(11, bob.userId) }),
    );
  });

  test("moves the read position with the user's own message", () => {
    expect(withEvent(room(), created(11, ada), ada.userId)).toMatchObject({ readSeq: 11, readCount: 8, count: 8 });
  });

  test('cuts a long last message', () => {
    const { lastMessage } = withEvent(room(), created(11, bob, 'x'.repeat(201)), ada.userId);
    expect(lastMessage).toMatchObject({ text: 'x'.repeat(200), truncated: true });
  });

  test('ignores an entry at or below the head', () => {
    const known = room();
    expect(withEvent(known, created(10, bob), ada.userId)).toBe(known);
  });

  test('counts a new member, and lists one among the first five only if there is a place', () => {
    const joined = (user: User): RoomEvent => ({ event: 'member_joined', roomId, seq: 11, data: { user } });
    expect(withEvent(room(), joined(user('eve')), ada.userId)).toMatchObject({
      head: 11,
      count: 7,
      memberCount: 3,
      members: [ada, bob, user('eve')],
    });
    const five = ['a', 'b', 'c', 'd', 'e'].map(user);
    const full = withEvent(room({ members: five, memberCount: 5 }), joined(user('eve')), ada.userId);
    expect(full).toMatchObject({ memberCount: 6, members: five });
  });

  test('counts a member who is named already when the joining entry arrives', () => {
    const named = room({ members: [ada, bob], memberCount: 1 });
    const joined: RoomEvent = { event: 'member_joined', roomId, seq: 11, data: { user: bob } };
    expect(withEvent(named, joined, ada.userId)).toMatchObject({ head: 11, memberCount: 2, members: [ada, bob] });
  });

  test('applies changes to the last message only', () => {
    const known = withEvent(room(), created(11, bob), ada.userId);
    const target = { messageId: message(11, bob.userId).messageId, messageSeq: 11, userId: bob.userId };
    const edited: Message = { ...message(11, bob.userId, 'edited'), editedAt: 12 };
    const updated: RoomEvent = { event: 'message_updated', roomId, seq: 12, data: { message: edited, user: bob } };
    expect(withEvent(known, updated, ada.userId)).toEqual({ ...known, head: 12, lastMessage: edited });
    const deleted: RoomEvent = { event: 'message_deleted', roomId, seq: 12, data: { ...target, deletedAt: 12 } };
    expect(withEvent(known, deleted, ada.userId)).toMatchObject({
      head: 12,
      count: 8,
      lastMessage: { text: '', deletedAt: 12 },
    });
    const older: RoomEvent = {
      ...deleted,
      data: { ...deleted.data, messageId: 'another' as MessageId, messageSeq: 5 },
    };
    expect(withEvent(known, older, ada.userId)).toEqual({ ...known, head: 12 });
  });

  test('applies a new name', () => {
    const renamed: RoomEvent = { event: 'room_renamed', roomId, seq: 11, data: { name: 'Mills', userId: bob.userId } };
    expect(withEvent(room(), renamed, ada.userId)).toEqual(room({ head: 11, name: 'Mills' }));
  });

  test('removes a member who leaves', () => {
    const left: RoomEvent = { event: 'member_left', roomId, seq: 11, data: { userId: bob.userId } };
    expect(withEvent(room(), left, ada.userId)).toMatchObject({ head: 11, memberCount: 1, members: [ada] });
    const named = room({ members: [ada, bob, user('eve')], memberCount: 2 });
    expect(withEvent(named, left, ada.userId)).toMatchObject({ memberCount: 1, members: [ada, user('eve')] });
  });
});

describe('mergeRoom', () => {
  test('takes the summary of an unknown room', () => expect(mergeRoom(undefined, room())).toEqual(room()));

  test('ignores an answer that events have overtaken', () => {
    const known = withEvent(room(), created(11, bob), ada.userId);
    expect(mergeRoom(known, room())).toEqual(known);
  });

  test('takes the higher head, and never moves the read position back', () => {
    const received = room({ head: 20, count: 15, name: 'Renamed', readSeq: 3, readCount: 2 });
    expect(mergeRoom(room(), received)).toEqual({ ...received, readSeq: 9, readCount: 6 });
  });
});
