import { decodeRoomBroadcast, roomChannel } from '@parley/contracts';
import type { OwnUser, RoomId } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RoomServiceUnderTest } from '../testing/room-service.ts';

let service: RoomServiceUnderTest;
let ada: OwnUser;
let ben: OwnUser;
let roomId: RoomId;
beforeAll(async () => {
  service = await RoomServiceUnderTest.start();
});
afterAll(() => service.close());
beforeEach(async () => {
  [ada, ben] = [await service.signUp('Ada'), await service.signUp('Ben')];
  ({
    room: { roomId },
  } = await service.createRoom(ada, ben));
  service.messages.messagesBefore = 20;
  service.messages.mentions = [];
});

const read = ({ userId }: OwnUser, ...seqs: number[]) =>
  service.api.readRooms({ readings: seqs.map((seq) => ({ userId, roomId, seq })) });

/** Headers of the broadcasts to the room from now on. */
function collectRoomBroadcasts(): unknown[] {
  const received: unknown[] = [];
  service.bus.subscribe(roomChannel(roomId), (payload) => received.push(decodeRoomBroadcast(payload).header));
  return received;
}

test('a read position moves forward, at most to the head', async () => {
  expect(await read(ada, 5)).toEqual({ results: [{ readSeq: 5, readCount: 5, mentionCount: 0 }] });
  expect(await read(ada, 3)).toEqual({ results: [{ readSeq: 5, readCount: 5, mentionCount: 0 }] });
  expect(await read(ada, 7, 6, 1_000)).toEqual({
    results: [7, 7, 20].map((seq) => ({ readSeq: seq, readCount: seq, mentionCount: 0 })),
  });
  expect((await service.api.getMemberships({ userId: ada.userId })).memberships).toMatchObject([
    { readSeq: 20, readCount: 20 },
  ]);
});

test('a read position is published to the reader and to a small room, only when it changes', async () => {
  const [own, room] = [service.collectUserBroadcasts(ada.userId), collectRoomBroadcasts()];
  await read(ada, 5);
  await read(ada, 5);
  expect(own).toEqual([{ kind: 'room_read', roomId, seq: 5, readCount: 5, mentionCount: 0 }]);
  expect(room).toEqual([{ kind: 'read', roomId, readings: [{ userId: ada.userId, seq: 5 }], firstSeq: 1, lastSeq: 0 }]);
});

test('reading clears mentions, and the remaining count is returned and published to the reader', async () => {
  service.messages.mentions = [3, 7, 9].map((seq) => ({ userId: ada.userId, seq }));
  service.messages.mentions.push({ userId: ben.userId, seq: 3 });
  const own = service.collectUserBroadcasts(ada.userId);
  expect(await read(ada, 5)).toMatchObject({ results: [{ readSeq: 5, mentionCount: 2 }] });
  expect(await read(ada, 4)).toMatchObject({ results: [{ readSeq: 5, mentionCount: 2 }] });
  expect(await read(ada, 7, 8)).toMatchObject({ results: [{ mentionCount: 1 }, { mentionCount: 1 }] });
  expect(own.map((broadcast) => 'mentionCount' in broadcast && broadcast.mentionCount)).toEqual([2, 1, 1]);
  expect(service.messages.mentions).toContainEqual({ userId: ben.userId, seq: 3 });
});

test('a read position is stored when its mentions cannot be cleared', async () => {
  service.messages.mentionsFail = true;
  const own = service.collectUserBroadcasts(ada.userId);
  expect(await read(ada, 5)).toEqual({ results: [{ readSeq: 5, readCount: 5 }] });
  service.messages.mentionsFail = false;
  expect(own).toEqual([{ kind: 'room_read', roomId, seq: 5, readCount: 5 }]);
});

test('positions of several readers are published in one broadcast', async () => {
  const room = collectRoomBroadcasts();
  await service.api.readRooms({ readings: [ada, ben].map(({ userId }) => ({ userId, roomId, seq: 4 })) });
  expect(room).toMatchObject([{ readings: [ada, ben].map(({ userId }) => ({ userId, seq: 4 })) }]);
});

test('a read position in a room of over fifty members is published to the reader only', async () => {
  const others: OwnUser[] = [];
  for (let n = 0; n < 49; n++) others.push(await service.signUp());
  await service.api.addMembers({ userId: ada.userId, roomId, memberIds: others.map(({ userId }) => userId) });
  const [own, room] = [service.collectUserBroadcasts(ada.userId), collectRoomBroadcasts()];
  await read(ada, 5);
  expect([own.length, room]).toEqual([1, []]);
  const { members } = await service.api.getMembers({ userId: ada.userId, roomId, limit: 2 });
  expect(members).toEqual(
    [ada, ben].map(({ userId }) => expect.not.objectContaining({ userId, readSeq: 0 }) as object),
  );
});

test('writing a message moves the read position without publishing it', async () => {
  const [own, room] = [service.collectUserBroadcasts(ada.userId), collectRoomBroadcasts()];
  await service.api.readRooms({ readings: [{ userId: ada.userId, roomId, seq: 9, byWriting: true }] });
  expect((await service.api.getMemberships({ userId: ada.userId })).memberships).toMatchObject([{ readSeq: 9 }]);
  expect([own, room]).toEqual([[], []]);
});

test('a reading by a user who is not a member does not affect the others', async () => {
  const stranger = await service.signUp();
  const readings = [stranger, ben].map(({ userId }) => ({ userId, roomId, seq: 2 }));
  expect(await service.api.readRooms({ readings })).toMatchObject({
    results: [{ error: { code: 'not_member' } }, { readSeq: 2, readCount: 2 }],
  });
});

test('the readers of a message are counted without its author', async () => {
  await service.api.readRooms({ readings: [ada, ben].map(({ userId }) => ({ userId, roomId, seq: 6 })) });
  const readers = await service.api.getReaders({ userId: ada.userId, roomId, seq: 6, exceptId: ada.userId });
  expect(readers).toEqual({ count: 1, users: [{ userId: ben.userId, displayName: 'Ben' }] });
});

test('read positions do not move while the message service is unavailable', async () => {
  service.messages.failing = 'before';
  await expect(read(ada, 5)).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  expect((await service.api.getMemberships({ userId: ada.userId })).memberships).toMatchObject([{ readSeq: 0 }]);
});
