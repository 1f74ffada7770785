import type { InvitationId, OwnUser, RoomId } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RoomServiceUnderTest } from '../testing/room-service.ts';
import { newRoomId, newUserId } from '../testing/samples.ts';

let service: RoomServiceUnderTest;
let ada: OwnUser;
let ben: OwnUser;
let cleo: OwnUser;
let roomId: RoomId;
beforeAll(async () => {
  service = await RoomServiceUnderTest.start();
});
afterAll(() => service.close());
beforeEach(async () => {
  [ada, ben, cleo] = [await service.signUp('Ada'), await service.signUp('Ben'), await service.signUp('Cleo')];
  ({
    room: { roomId },
  } = await service.createRoom(ada, ben));
  service.messages.messagesBefore = 0;
});

const add = (...memberIds: OwnUser[]): ReturnType<RoomServiceUnderTest['api']['addMembers']> =>
  service.api.addMembers({ userId: ada.userId, roomId, memberIds: memberIds.map(({ userId }) => userId) });

test('adding a user is logged and sets the read position to the join', async () => {
  service.messages.messagesBefore = 12;
  const received = service.collectUserBroadcasts(cleo.userId);
  const { room } = await add(cleo, cleo);
  expect(room).toMatchObject({ memberCount: 3, members: [ada, ben, cleo].map(({ userId }) => ({ userId })) });
  expect(service.messages.logOf(roomId)).toEqual([{ event: 'member_joined', userId: cleo.userId }]);
  expect(await service.api.getMemberships({ userId: cleo.userId })).toMatchObject({
    roomsVersion: 1,
    memberships: [{ roomId, readSeq: 13, readCount: 12, role: 'member' }],
  });
  expect(received).toEqual([{ kind: 'rooms_changed', roomsVersion: 1 }]);
});

test('getMembershipsOfUsers returns the memberships in the order of the request', async () => {
  await add(cleo);
  const users = [cleo, ben, ada];
  const userIds = [...users.map(({ userId }) => userId), newUserId()];
  const { results } = await service.api.getMembershipsOfUsers({ userIds });
  const each = await Promise.all(userIds.map((userId) => service.api.getMemberships({ userId })));
  expect(results).toEqual(each);
  expect(results.map(({ memberships }) => memberships.length)).toEqual([1, 1, 1, 0]);
});

test('adding a member again changes nothing', async () => {
  expect((await add(ben)).room.memberCount).toBe(2);
  expect((await add()).room.memberCount).toBe(2);
  expect(service.messages.logOf(roomId)).toEqual([]);
  expect((await service.api.getMemberships({ userId: ben.userId })).roomsVersion).toBe(1);
});

test('adding users adds none of them when one does not exist', async () => {
  const attempt = service.api.addMembers({ userId: ada.userId, roomId, memberIds: [cleo.userId, newUserId()] });
  await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  expect((await service.api.getRooms({ roomIds: [roomId] })).rooms).toMatchObject([{ memberCount: 2 }]);
});

test('leaving ends the membership and is logged', async () => {
  const received = service.collectUserBroadcasts(ben.userId);
  await service.api.leaveRoom({ userId: ben.userId, roomId });
  expect(service.messages.logOf(roomId)).toEqual([{ event: 'member_left', userId: ben.userId }]);
  expect(await service.api.getMemberships({ userId: ben.userId })).toMatchObject({ roomsVersion: 2, memberships: [] });
  expect((await service.api.getRooms({ roomIds: [roomId] })).rooms).toMatchObject([{ memberCount: 1 }]);
  expect(received).toEqual([{ kind: 'rooms_changed', roomsVersion: 2 }]);
});

test('a removal by an owner is logged with the owner', async () => {
  const received = service.collectUserBroadcasts(ben.userId);
  const remove = (): Promise<unknown> => service.api.removeMember({ userId: ada.userId, roomId, memberId: ben.userId });
  expect(await remove()).toMatchObject({ room: { roomId, memberCount: 1 } });
  expect(service.messages.entriesOf(roomId)).toMatchObject([
    { event: 'member_left', userId: ben.userId, data: { removedBy: ada.userId } },
  ]);
  expect(received).toEqual([{ kind: 'rooms_changed', roomsVersion: 2 }]);
  await expect(remove()).rejects.toMatchObject({ code: 'not_found' });
});

test('repeating a removal announces it when the first attempt could not', async () => {
  const remove = (): Promise<unknown> => service.api.removeMember({ userId: ada.userId, roomId, memberId: ben.userId });
  service.messages.failing = 'before';
  await expect(remove()).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  expect(await remove()).toMatchObject({ room: { memberCount: 1 } });
  expect(service.messages.logOf(roomId)).toEqual([{ event: 'member_left', userId: ben.userId }]);
});

test('members cannot remove or rename, and owners cannot remove themselves', async () => {
  await expect(service.api.removeMember({ userId: ben.userId, roomId, memberId: ada.userId })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(service.api.renameRoom({ userId: ben.userId, roomId, name: 'Mine' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(service.api.removeMember({ userId: ada.userId, roomId, memberId: ada.userId })).rejects.toMatchObject({
    code: 'invalid',
  });
  expect((await service.api.getRooms({ roomIds: [roomId] })).rooms).toMatchObject([{ name: null, memberCount: 2 }]);
});

test('a room remains when its last member has left', async () => {
  for (const { userId } of [ada, ben]) await service.api.leaveRoom({ userId, roomId });
  expect((await service.api.getRooms({ roomIds: [roomId] })).rooms).toMatchObject([{ memberCount: 0, members: [] }]);
});

test('requests for a foreign room and for an unknown room give the same error', async () => {
  const answers: unknown[] = [];
  for (const foreign of [roomId, newRoomId()]) {
    const as = { userId: cleo.userId, roomId: foreign };
    for (const attempt of [
      () => service.api.addMembers({ ...as, memberIds: [cleo.userId] }),
      () => service.api.addMembers({ ...as, memberIds: [newUserId()] }),
      () => service.api.leaveRoom(as),
      () => service.api.createInvitation(as),
      () => service.api.getMembers({ ...as, limit: 10 }),
      () => service.api.renameRoom({ ...as, name: 'Tea' }),
      () => service.api.removeMember({ ...as, memberId: ada.userId }),
      () => service.api.getInvitations(as),
      () => service.api.deleteInvitation({ ...as, invitationId: 'x'.repeat(64) as InvitationId }),
      () => service.api.getReaders({ ...as, seq: 1 }),
    ]) {
      await attempt().catch((error: unknown) => answers.push(error));
    }
  }
  expect(answers).toHaveLength(20);
  for (const error of answers) expect(error).toMatchObject({ code: 'not_member' });
  expect(new Set(answers.map((error) => String(error))).size).toBe(1);
});

test('members are read in pages, in join order', async () => {
  await add(cleo);
  const page = (after?: string): ReturnType<typeof service.api.getMembers> =>
    service.api.getMembers({ userId: ada.userId, roomId, limit: 2, ...(after === undefined ? {} : { after }) });
  const first = await page();
  expect(first.members).toEqual([
    { userId: ada.userId, displayName: 'Ada', role: 'owner', readSeq: 0 },
    { userId: ben.userId, displayName: 'Ben', role: 'member', readSeq: 0 },
  ]);
  const second = await page(first.next);
  expect(second).toEqual({
    members: [{ userId: cleo.userId, displayName: 'Cleo', role: 'member', readSeq: 1 }],
  });
  await expect(page('1; DROP TABLE users')).rejects.toMatchObject({ code: 'invalid' });
});

test('getRoomsVersions omits unknown users', async () => {
  const userIds = [ada.userId, newUserId()];
  expect(await service.api.getRoomsVersions({ userIds })).toEqual({
    versions: [{ userId: ada.userId, roomsVersion: 1 }],
  });
});
