import type { OwnUser, RoomId } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RoomServiceUnderTest } from '../testing/room-service.ts';

const DAY = 86_400_000;

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
  } = await service.createRoom(ada));
});

test('whoever holds the link joins, as often as it is used', async () => {
  const { token, expiresAt } = await service.api.createInvitation({ userId: ada.userId, roomId });
  expect(expiresAt).toBe(service.now + 7 * DAY);
  expect(Buffer.from(token, 'base64url')).toHaveLength(24);
  expect((await service.api.joinRoom({ userId: ben.userId, token })).room.memberCount).toBe(2);
  const cleo = await service.signUp('Cleo');
  expect((await service.api.joinRoom({ userId: cleo.userId, token })).room.memberCount).toBe(3);
  expect(service.messages.logOf(roomId)).toEqual([
    { event: 'member_joined', userId: ben.userId },
    { event: 'member_joined', userId: cleo.userId },
  ]);
});

test('a member who uses it gets the room and stays as they are', async () => {
  const { token } = await service.api.createInvitation({ userId: ada.userId, roomId });
  expect((await service.api.joinRoom({ userId: ada.userId, token })).room).toMatchObject({ roomId, memberCount: 1 });
  expect(service.messages.logOf(roomId)).toEqual([]);
});

test('it holds for seven days, even when its creator has left', async () => {
  const { token, expiresAt } = await service.api.createInvitation({ userId: ada.userId, roomId });
  await service.api.leaveRoom({ userId: ada.userId, roomId });
  service.now = expiresAt - 1;
  expect((await service.api.joinRoom({ userId: ben.userId, token })).room.memberCount).toBe(1);
  service.now = expiresAt;
  await expect(service.api.joinRoom({ userId: ada.userId, token })).rejects.toMatchObject({ code: 'not_found' });
});

test('whoever left may return by it', async () => {
  const { token } = await service.api.createInvitation({ userId: ada.userId, roomId });
  await service.api.joinRoom({ userId: ben.userId, token });
  await service.api.leaveRoom({ userId: ben.userId, roomId });
  expect((await service.api.joinRoom({ userId: ben.userId, token })).room.memberCount).toBe(2);
});

test.each(['', 'guess', '{"$gt":""}', '../../etc/passwd'])(
  'the token %j of no invitation is not found',
  async (token) => {
    await expect(service.api.joinRoom({ userId: ben.userId, token })).rejects.toMatchObject({ code: 'not_found' });
  },
);
