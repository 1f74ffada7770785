import type { RoomId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { nextCursor, parseCursor, roomsAfter, type RoomActivity } from './room-page.ts';

const room = (name: string, at: number): RoomActivity => ({ roomId: name as RoomId, at });
const names = (rooms: readonly RoomActivity[]): string[] => rooms.map(({ roomId }) => roomId);

test('the newest activity comes first, and the id decides between equal times', () => {
  expect(names(roomsAfter([room('b', 1), room('c', 3), room('a', 1)], undefined))).toEqual(['c', 'a', 'b']);
});

test('a page starts where the previous page ended', () => {
  const rooms = [room('a', 3), room('b', 2), room('c', 2), room('d', 1)];
  const cursor = parseCursor(nextCursor(rooms, room('b', 2), undefined));
  expect(names(roomsAfter(rooms, cursor))).toEqual(['c', 'd']);
});

test('a room that moved past the cursor is on the next page', () => {
  const cursor = parseCursor(nextCursor([room('a', 3), room('b', 2), room('c', 1)], room('b', 2), undefined));
  expect(names(roomsAfter([room('a', 3), room('b', 2), room('c', 9)], cursor))).toEqual(['c']);
});

test('a page with only rooms that moved to the front keeps the cursor', () => {
  const before = { ...room('m', 5), seenAt: 9 };
  const cursor = parseCursor(nextCursor([room('x', 20), room('z', 1)], room('x', 20), before));
  expect(cursor).toEqual({ ...room('m', 5), seenAt: 20 });
});

test.each(['', 'x', Buffer.from('{}').toString('base64url'), Buffer.from('[1,2,3]').toString('base64url')])(
  'a cursor like %j is invalid',
  (text) => {
    expect(() => parseCursor(text)).toThrow(expect.objectContaining({ code: 'invalid' }));
  },
);
