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

test('whoever is added is in the room and in its log, and has read up to there', async () => {
  service.messages.messagesBefore = 12;
  const heard = service.listenTo(cleo.userId);
  const { room } = await add(cleo, cleo);
  expect(room).toMatchObject({ memberCount: 3, members: [ada, ben, cleo].map(({ userId }) => ({ userId })) });
  expect(service.messages.logOf(roomId)).toEqual([{ event: 'member_joined', userId: cleo.userId }]);
  expect(await service.api.getMemberships({ userId: cleo.userId })).toMatchObject({
    roomsVersion: 1,
    memberships: [{ roomId, readSeq: 13, readCount: 12, role: 'member' }],
  });
  expect(heard).toEqual([{ kind: 'rooms_changed', roomsVersion: 1 }]);
});

test('the rooms of several people are told in the order they were asked for', async () => {
  await add(cleo);
  const people = [cleo, ben, ada];
  const userIds = [...people.map(({ userId }) => userId), newUserId()];
  const { results } = await service.api.getMembershipsOfUsers({ userIds });
  const each = await Promise.all(userIds.map((userId) => service.api.getMemberships({ userId })));
  expect(results).toEqual(each);
  expect(results.map(({ memberships }) => memberships.length)).toEqual([1, 1, 1, 0]);
});

test('whoever is in the room already stays as they are', async () => {
  expect((await add(ben)).room.memberCount).toBe(2);
  expect((await add()).room.memberCount).toBe(2);
  expect(service.messages.logOf(roomId)).toEqual([]);
  expect((await service.api.getMemberships({ userId: ben.userId })).roomsVersion).toBe(1);
});

test('nobody is added with somebody who does not exist', async () => {
  const attempt = service.api.addMembers({ userId: ada.userId, roomId, memberIds: [cleo.userId, newUserId()] });
  await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  expect((await service.api.getRooms({ roomIds: [roomId] })).rooms).toMatchObject([{ memberCount: 2 }]);
});

test('whoever leaves is out of the room, and that is in its log', async () => {
  const heard = service.listenTo(ben.userId);
  await service.api.leaveRoom({ userId: ben.userId, roomId });
  expect(service.messages.logOf(roomId)).toEqual([{ event: 'member_left', userId: ben.userId }]);
  expect(await service.api.getMemberships({ userId: ben.userId })).toMatchObject({ roomsVersion: 2, memberships: [] });
  expect((await service.api.getRooms({ roomIds: [roomId] })).rooms).toMatchObject([{ memberCount: 1 }]);
  expect(heard).toEqual([{ kind: 'rooms_changed', roomsVersion: 2 }]);
});

test('an owner removes somebody, which is in the log with who did it', async () => {
  const heard = service.listenTo(ben.userId);
  const remove = (): Promise<unknown> => service.api.removeMember({ userId: ada.userId, roomId, memberId: ben.userId });
  expect(await remove()).toMatchObject({ room: { roomId, memberCount: 1 } });
  expect(service.messages.entriesOf(roomId)).toMatchObject([
    { event: 'member_left', userId: ben.userId, data: { removedBy: ada.userId } },
  ]);
  expect(heard).toEqual([{ kind: 'rooms_changed', roomsVersion: 2 }]);
  await expect(remove()).rejects.toMatchObject({ code: 'not_found' });
});

test('a removal that could not be announced is finished by the same again', async () => {
  const remove = (): Promise<unknown> => service.api.removeMember({ userId: ada.userId, roomId, memberId: ben.userId });
  service.messages.failing = 'before';
  await expect(remove()).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  expect(await remove()).toMatchObject({ room: { memberCount: 1 } });
  expect(service.messages.logOf(roomId)).toEqual([{ event: 'member_left', userId: ben.userId }]);
});

test('who is no owner removes and renames nobody and nothing, and an owner not themselves', async () => {
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

test('the room stays when the last has left', async () => {
  for (const { userId } of [ada, ben]) await service.api.leaveRoom({ userId, roomId });
  expect((await service.api.getRooms({ roomIds: [roomId] })).rooms).toMatchObject([{ memberCount: 0, members: [] }]);
});

test('a foreign room and one that does not exist are answered alike', async () => {
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

test('members are read in pages, in the order they joined', async () => {
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

test('versions of people who do not exist are left out', async () => {
  const userIds = [ada.userId, newUserId()];
  expect(await service.api.getRoomsVersions({ userIds })).toEqual({
    versions: [{ userId: ada.userId, roomsVersion: 1 }],
  });
});
