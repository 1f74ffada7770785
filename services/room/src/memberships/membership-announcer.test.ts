import type { OwnUser, RoomId } from '@parley/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RoomServiceUnderTest } from '../testing/room-service.ts';

let service: RoomServiceUnderTest;
let ada: OwnUser;
let ben: OwnUser;
let roomId: RoomId;
beforeEach(async () => {
  service = await RoomServiceUnderTest.start();
  [ada, ben] = [await service.signUp('Ada'), await service.signUp('Ben')];
  ({
    room: { roomId },
  } = await service.createRoom(ada));
});
afterEach(() => service.close());

const addBen = (): ReturnType<RoomServiceUnderTest['api']['addMembers']> =>
  service.api.addMembers({ userId: ada.userId, roomId, memberIds: [ben.userId] });
const leaveBen = (): Promise<void> => service.api.leaveRoom({ userId: ben.userId, roomId });

const JOINED = (): object => ({ event: 'member_joined', userId: ben.userId });
const LEFT = (): object => ({ event: 'member_left', userId: ben.userId });

test.each(['before', 'after'] as const)(
  'announceOverdue announces a join once when its announcement failed %s it was stored',
  async (when) => {
    service.messages.failing = when;
    await expect(addBen()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect((await service.api.getMemberships({ userId: ben.userId })).memberships).toEqual([
      { roomId, readSeq: null, readCount: null, role: 'member' },
    ]);

    service.messages.failing = 'no';
    service.now += 5_001;
    const received = service.collectUserBroadcasts(ben.userId);
    await service.announcer.announceOverdue();
    expect(service.messages.logOf(roomId)).toEqual([JOINED()]);
    expect((await service.api.getMemberships({ userId: ben.userId })).memberships).toEqual([
      { roomId, readSeq: 1, readCount: 0, role: 'member' },
    ]);
    expect(received).toEqual([{ kind: 'rooms_changed', roomsVersion: 1 }]);
    await service.announcer.announceOverdue();
    expect(received).toHaveLength(1);
  },
);

test('announceOverdue skips changes that a request may still be announcing', async () => {
  service.messages.failing = 'before';
  await expect(addBen()).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  service.now += 5_000;
  await service.announcer.announceOverdue();
  expect(service.messages.logOf(roomId)).toEqual([]);
});

test('concurrent calls of announceOverdue and a repeated request announce a change once', async () => {
  service.messages.failing = 'after';
  await expect(addBen()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(leaveBen()).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  service.now += 10_000;
  await Promise.all([
    service.announcer.announceOverdue(),
    service.announcer.announceOverdue(),
    leaveBen(),
    service.announcer.announceOverdue(),
  ]);
  expect(service.messages.logOf(roomId)).toEqual([JOINED(), LEFT()]);
});

test('repeating addMembers announces a join that could not be announced', async () => {
  service.messages.failing = 'before';
  await expect(addBen()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(addBen()).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  expect((await addBen()).room.memberCount).toBe(2);
  expect(service.messages.logOf(roomId)).toEqual([JOINED()]);
});

test('repeating leaveRoom announces the leave, and the next attempt is not_member', async () => {
  await addBen();
  service.messages.failing = 'before';
  await expect(leaveBen()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(leaveBen()).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  await leaveBen();
  expect(service.messages.logOf(roomId)).toEqual([JOINED(), LEFT()]);
  await expect(leaveBen()).rejects.toMatchObject({ code: 'not_member' });
});

test('repeating joinRoom announces a join that could not be announced', async () => {
  const { token } = await service.api.createInvitation({ userId: ada.userId, roomId });
  service.messages.failing = 'after';
  await expect(service.api.joinRoom({ userId: ben.userId, token })).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  expect((await service.api.joinRoom({ userId: ben.userId, token })).room.memberCount).toBe(2);
  expect(service.messages.logOf(roomId)).toEqual([JOINED()]);
});

test('delayed changes are logged in commit order', async () => {
  await addBen();
  service.messages.failing = 'before';
  await expect(leaveBen()).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  await addBen();
  expect(service.messages.logOf(roomId)).toEqual([JOINED(), LEFT(), JOINED()]);
  expect((await service.api.getMemberships({ userId: ben.userId })).memberships).toMatchObject([{ readSeq: 3 }]);
});

test('a room whose changes cannot be announced does not delay other rooms', async () => {
  const { room } = await service.createRoom(ada);
  service.messages.failing = 'before';
  await expect(addBen()).rejects.toMatchObject({ code: 'unavailable' });
  const add = { userId: ada.userId, roomId: room.roomId, memberIds: [ben.userId] };
  await expect(service.api.addMembers(add)).rejects.toMatchObject({ code: 'unavailable' });
  service.now += 10_000;
  await service.announcer.announceOverdue();
  service.messages.failing = 'no';
  service.messages.failingRoom = roomId;
  await service.announcer.announceOverdue();
  expect(service.messages.logOf(roomId)).toEqual([]);
  expect(service.messages.logOf(room.roomId)).toEqual([JOINED()]);
});

test('more changes than fit into one call are all announced, in order', async () => {
  service.messages.failing = 'before';
  for (let n = 0; n < 60; n++) {
    await expect(addBen()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(leaveBen()).rejects.toMatchObject({ code: 'unavailable' });
  }
  service.messages.failing = 'no';
  service.now += 10_000;
  await service.announcer.announceOverdue();
  expect(service.messages.logOf(roomId)).toEqual(Array.from({ length: 60 }, () => [JOINED(), LEFT()]).flat());
});

test('20 concurrent joins and leaves are all logged, and memberCount is correct', async () => {
  const others: OwnUser[] = [];
  for (let n = 0; n < 20; n++) others.push(await service.signUp());
  const [leavers, joiners] = [others.slice(0, 10), others.slice(10)];
  await service.api.addMembers({ userId: ada.userId, roomId, memberIds: leavers.map(({ userId }) => userId) });
  await Promise.all([
    ...leavers.map(({ userId }) => service.api.leaveRoom({ userId, roomId })),
    ...joiners.map(({ userId }) => service.api.addMembers({ userId: ada.userId, roomId, memberIds: [userId] })),
  ]);
  const log = service.messages.logOf(roomId);
  expect(log.filter(({ event }) => event === 'member_joined')).toHaveLength(20);
  expect(new Set(log.filter(({ event }) => event === 'member_left').map(({ userId }) => userId))).toEqual(
    new Set(leavers.map(({ userId }) => userId)),
  );
  const { rooms } = await service.api.getRooms({ roomIds: [roomId] });
  expect(rooms).toMatchObject([{ memberCount: 11 }]);
});

test.each([
  ['leaves', leaveBen],
  ['is removed', () => service.api.removeMember({ userId: ada.userId, roomId, memberId: ben.userId })],
])('mentions of a member who %s are cleared, and those of others stay', async (_how, go) => {
  await addBen();
  service.messages.mentions = [ada, ben].map(({ userId }) => ({ userId, seq: 1 }));
  await go();
  expect(service.messages.mentions).toEqual([{ userId: ada.userId, seq: 1 }]);
});

test('a leave is announced when mentions cannot be cleared', async () => {
  await addBen();
  service.messages.mentionsFail = true;
  await leaveBen();
  expect(service.messages.logOf(roomId)).toEqual([JOINED(), LEFT()]);
});
