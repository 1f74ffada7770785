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

/** What is said in the room, from now on. */
function listenToRoom(): unknown[] {
  const heard: unknown[] = [];
  service.bus.subscribe(roomChannel(roomId), (payload) => heard.push(decodeRoomBroadcast(payload).header));
  return heard;
}

test('a position moves on, never back and never past the head', async () => {
  expect(await read(ada, 5)).toEqual({ results: [{ readSeq: 5, readCount: 5, mentionCount: 0 }] });
  expect(await read(ada, 3)).toEqual({ results: [{ readSeq: 5, readCount: 5, mentionCount: 0 }] });
  expect(await read(ada, 7, 6, 1_000)).toEqual({
    results: [7, 7, 20].map((seq) => ({ readSeq: seq, readCount: seq, mentionCount: 0 })),
  });
  expect((await service.api.getMemberships({ userId: ada.userId })).memberships).toMatchObject([
    { readSeq: 20, readCount: 20 },
  ]);
});

test('the reader is told, and in a small room everybody; what changes nothing is told to nobody', async () => {
  const [own, room] = [service.listenTo(ada.userId), listenToRoom()];
  await read(ada, 5);
  await read(ada, 5);
  expect(own).toEqual([{ kind: 'room_read', roomId, seq: 5, readCount: 5, mentionCount: 0 }]);
  expect(room).toEqual([{ kind: 'read', roomId, readings: [{ userId: ada.userId, seq: 5 }], firstSeq: 1, lastSeq: 0 }]);
});

test('mentions up to there are read; how many are left is answered and told to the reader', async () => {
  service.messages.mentions = [3, 7, 9].map((seq) => ({ userId: ada.userId, seq }));
  service.messages.mentions.push({ userId: ben.userId, seq: 3 });
  const own = service.listenTo(ada.userId);
  expect(await read(ada, 5)).toMatchObject({ results: [{ readSeq: 5, mentionCount: 2 }] });
  expect(await read(ada, 4)).toMatchObject({ results: [{ readSeq: 5, mentionCount: 2 }] });
  expect(await read(ada, 7, 8)).toMatchObject({ results: [{ mentionCount: 1 }, { mentionCount: 1 }] });
  expect(own.map((told) => 'mentionCount' in told && told.mentionCount)).toEqual([2, 1, 1]);
  expect(service.messages.mentions).toContainEqual({ userId: ben.userId, seq: 3 });
});

test('what is read is stored, though its mentions cannot be cleared', async () => {
  service.messages.mentionsFail = true;
  const own = service.listenTo(ada.userId);
  expect(await read(ada, 5)).toEqual({ results: [{ readSeq: 5, readCount: 5 }] });
  service.messages.mentionsFail = false;
  expect(own).toEqual([{ kind: 'room_read', roomId, seq: 5, readCount: 5 }]);
});

test('what several have read is said in one', async () => {
  const room = listenToRoom();
  await service.api.readRooms({ readings: [ada, ben].map(({ userId }) => ({ userId, roomId, seq: 4 })) });
  expect(room).toMatchObject([{ readings: [ada, ben].map(({ userId }) => ({ userId, seq: 4 })) }]);
});

test('in a room of over fifty only the reader is told', async () => {
  const others: OwnUser[] = [];
  for (let n = 0; n < 49; n++) others.push(await service.signUp());
  await service.api.addMembers({ userId: ada.userId, roomId, memberIds: others.map(({ userId }) => userId) });
  const [own, room] = [service.listenTo(ada.userId), listenToRoom()];
  await read(ada, 5);
  expect([own.length, room]).toEqual([1, []]);
  const { members } = await service.api.getMembers({ userId: ada.userId, roomId, limit: 2 });
  expect(members).toEqual(
    [ada, ben].map(({ userId }) => expect.not.objectContaining({ userId, readSeq: 0 }) as object),
  );
});

test('whoever writes has read up to there, which everybody knows', async () => {
  const [own, room] = [service.listenTo(ada.userId), listenToRoom()];
  await service.api.readRooms({ readings: [{ userId: ada.userId, roomId, seq: 9, byWriting: true }] });
  expect((await service.api.getMemberships({ userId: ada.userId })).memberships).toMatchObject([{ readSeq: 9 }]);
  expect([own, room]).toEqual([[], []]);
});

test('one who is no member does not keep the others from reading', async () => {
  const stranger = await service.signUp();
  const readings = [stranger, ben].map(({ userId }) => ({ userId, roomId, seq: 2 }));
  expect(await service.api.readRooms({ readings })).toMatchObject({
    results: [{ error: { code: 'not_member' } }, { readSeq: 2, readCount: 2 }],
  });
});

test('the readers of a message are counted, without its author', async () => {
  await service.api.readRooms({ readings: [ada, ben].map(({ userId }) => ({ userId, roomId, seq: 6 })) });
  const readers = await service.api.getReaders({ userId: ada.userId, roomId, seq: 6, exceptId: ada.userId });
  expect(readers).toEqual({ count: 1, users: [{ userId: ben.userId, displayName: 'Ben' }] });
});

test('without the message service nothing moves', async () => {
  service.messages.failing = 'before';
  await expect(read(ada, 5)).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  expect((await service.api.getMemberships({ userId: ada.userId })).memberships).toMatchObject([{ readSeq: 0 }]);
});
