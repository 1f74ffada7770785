import type { RoomApi } from '@parley/contracts';
import type { OwnUser, User } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { RoomServiceUnderTest } from '../testing/room-service.ts';
import { newRoomId, newUserId } from '../testing/samples.ts';

let service: RoomServiceUnderTest;
let ada: OwnUser;
let ben: OwnUser;
beforeAll(async () => {
  service = await RoomServiceUnderTest.start();
});
afterAll(() => service.close());
beforeEach(async () => {
  ada = await service.signUp('Ada');
  ben = await service.signUp('Ben');
});

const shown = ({ userId, displayName }: User): User => ({ userId, displayName });
const create = (overrides: Partial<Parameters<RoomApi['createRoom']>[0]> = {}): ReturnType<RoomApi['createRoom']> =>
  service.api.createRoom({ userId: ada.userId, roomId: newRoomId(), name: null, memberIds: [], ...overrides });

test('a room starts with its creator as first member and each other member once', async () => {
  const roomId = newRoomId();
  const memberIds = [ben.userId, ada.userId, ben.userId];
  expect(await create({ roomId, name: '  Tea  ', memberIds })).toEqual({
    room: {
      roomId,
      name: 'Tea',
      members: [shown(ada), shown(ben)],
      initialMemberCount: 2,
      memberCount: 2,
      createdAt: service.now,
    },
  });
  expect(service.messages.logOf(roomId)).toEqual([]);
});

test('creating a room publishes rooms_changed to every member, with everything read', async () => {
  const received = [service.collectUserBroadcasts(ada.userId), service.collectUserBroadcasts(ben.userId)];
  const { room } = await create({ memberIds: [ben.userId] });
  await vi.waitFor(() => expect(received).toEqual([ada, ben].map(() => [{ kind: 'rooms_changed', roomsVersion: 1 }])));
  expect(await service.api.getMemberships({ userId: ben.userId })).toMatchObject({
    roomsVersion: 1,
    memberships: [{ roomId: room.roomId, readSeq: 0, readCount: 0, role: 'member' }],
  });
});

test('creating a room again as its creator returns the current room', async () => {
  const { room } = await create({ name: 'Tea' });
  await service.api.addMembers({ userId: ada.userId, roomId: room.roomId, memberIds: [ben.userId] });
  const again = await create({ roomId: room.roomId, name: 'Coffee' });
  expect(again).toEqual({ room: { ...room, members: [shown(ada), shown(ben)], memberCount: 2 } });
});

test('creating a room twice at once creates it once', async () => {
  const roomId = newRoomId();
  const [one, other] = await Promise.all([create({ roomId }), create({ roomId })]);
  expect(one).toEqual(other);
  expect((await service.api.getMemberships({ userId: ada.userId })).roomsVersion).toBe(1);
});

test('a taken roomId is a conflict for members and for other users', async () => {
  const { room } = await create({ memberIds: [ben.userId] });
  const stranger = await service.signUp();
  for (const { userId } of [ben, stranger]) {
    await expect(create({ roomId: room.roomId, userId })).rejects.toMatchObject({ code: 'conflict' });
  }
});

test('a creator who has left gets a conflict like other users', async () => {
  const { room } = await create({ memberIds: [ben.userId] });
  await service.api.leaveRoom({ userId: ada.userId, roomId: room.roomId });
  await expect(create({ roomId: room.roomId })).rejects.toMatchObject({ code: 'conflict' });
});

test('a room with an unknown user is not created', async () => {
  const roomId = newRoomId();
  const attempt = create({ roomId, memberIds: [ben.userId, newUserId()] });
  await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  expect(await service.api.getRooms({ roomIds: [roomId] })).toEqual({ rooms: [] });
});

test('a room can be created with at most a hundred others', async () => {
  const others: OwnUser[] = [];
  for (let n = 0; n < 100; n++) others.push(await service.signUp());
  const memberIds = others.map(({ userId }) => userId);
  const { room } = await create({ memberIds });
  expect(room.memberCount).toBe(101);
  expect(room.members).toEqual([ada, ...others.slice(0, 4)].map(shown));
  await expect(create({ memberIds: [...memberIds, ben.userId] })).rejects.toMatchObject({ code: 'invalid' });
});

test('a rename by an owner is logged, and repeating the name is not', async () => {
  const { room } = await create({ name: 'Tea', memberIds: [ben.userId] });
  const { roomId } = room;
  const rename = (name: string | null): ReturnType<RoomApi['renameRoom']> =>
    service.api.renameRoom({ userId: ada.userId, roomId, name });
  expect(await rename(' Coffee ')).toEqual({ room: { ...room, name: 'Coffee' } });
  await rename('Coffee');
  await rename('  ');
  expect(service.messages.entriesOf(roomId).map(({ event, data }) => [event, data])).toEqual([
    ['room_renamed', { name: 'Coffee' }],
    ['room_renamed', { name: null }],
  ]);
  await expect(rename('x'.repeat(121))).rejects.toMatchObject({ code: 'invalid' });
});

test('a name that could not be announced is announced before the next rename', async () => {
  const { room } = await create({ name: 'Tea' });
  const { roomId } = room;
  const rename = (name: string): ReturnType<RoomApi['renameRoom']> =>
    service.api.renameRoom({ userId: ada.userId, roomId, name });
  service.messages.failing = 'before';
  await expect(rename('Coffee')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(rename('Water')).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  expect(await rename('Coffee')).toMatchObject({ room: { name: 'Coffee' } });
  await rename('Milk');
  expect(service.messages.entriesOf(roomId).map(({ data }) => data)).toEqual([{ name: 'Coffee' }, { name: 'Milk' }]);
});

test('a blank name is null, and a name that is too long or has control characters is rejected', async () => {
  expect((await create({ name: '   ' })).room.name).toBeNull();
  expect((await create({ name: 'x'.repeat(120) })).room.name).toHaveLength(120);
  await expect(create({ name: 'x'.repeat(121) })).rejects.toMatchObject({ code: 'invalid' });
  await expect(create({ name: 'a\u0007b' })).rejects.toMatchObject({ code: 'invalid' });
});
