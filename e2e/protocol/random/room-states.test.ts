import type { RoomEvent, RoomId, RoomSummary, UserId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { RoomStates } from './room-states.ts';

const roomId = 'room-0000-0000-0001' as RoomId;
const ada = { userId: 'user-ada' as UserId, displayName: 'Ada' };

const room = (head: number): RoomSummary => ({
  ...{ roomId, name: null, members: [ada], memberCount: 1, createdAt: 1 },
  ...{ head, count: 0, readSeq: 0, readCount: 0, lastMessage: null },
});

const joined = (seq: number): RoomEvent => ({ event: 'member_joined', roomId, seq, data: { user: ada } });

/** A client to which the room was announced with this head. */
function inRoom(head: number): RoomStates {
  const rooms = new RoomStates(ada.userId);
  rooms.created(room(head));
  return rooms;
}

const applied = (rooms: RoomStates): number[][] => rooms.stays().map((stay) => stay.applied.map(({ seq }) => seq));

test('entries are applied in the order of the log, each once, from the announced head on', () => {
  const rooms = inRoom(2);
  for (const seq of [1, 2, 3, 5, 3, 4, 5]) rooms.happened(joined(seq));
  expect(applied(rooms)).toEqual([[3, 4, 5]]);
  expect(rooms.stays()[0]?.room.head).toBe(5);
});

test('a gap is behind until what is missing was read', () => {
  const rooms = inRoom(0);
  rooms.happened(joined(3));
  expect([rooms.isBehind(roomId), rooms.position(roomId)]).toEqual([true, 0]);
  rooms.read(roomId, [joined(1), joined(2), joined(3)]);
  expect([rooms.isBehind(roomId), rooms.position(roomId)]).toEqual([false, 3]);
});

test('a list with a later head is behind, too', () => {
  const rooms = inRoom(1);
  rooms.beginList();
  rooms.listPage([room(4)]);
  rooms.endList();
  expect([rooms.isBehind(roomId), rooms.position(roomId)]).toEqual([true, 1]);
});

test('what the list does not name is gone, unless it came meanwhile', () => {
  const rooms = inRoom(0);
  rooms.beginList();
  rooms.created({ ...room(0), roomId: 'room-0000-0000-0002' as RoomId });
  rooms.endList();
  expect(rooms.roomIds).toEqual(['room-0000-0000-0002']);
  expect(rooms.stays()).toMatchObject([{ ended: true }, { ended: false }]);
});

test('what went while the list was read does not come back with it', () => {
  const rooms = inRoom(0);
  rooms.beginList();
  rooms.removed(roomId);
  rooms.listPage([room(0)]);
  rooms.endList();
  expect(rooms.roomIds).toEqual([]);
});

test('entries of rooms that were not announced are noted', () => {
  const rooms = new RoomStates(ada.userId);
  rooms.happened(joined(1));
  expect(rooms.unexpected).toEqual([joined(1)]);
});

test('on a new connection nothing is news up to the head that it tells', () => {
  const rooms = inRoom(0);
  rooms.connected();
  rooms.listPage([room(2)]);
  for (const seq of [1, 2, 3]) rooms.happened(joined(seq));
  expect(rooms.stays()[0]?.live).toEqual([joined(3)]);
});
