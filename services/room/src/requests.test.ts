import { ROOM_API_METHODS, type RoomApi } from '@parley/contracts';
import type { InvitationId } from '@parley/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RoomServiceUnderTest } from './testing/room-service.ts';
import { newRoomId, newUserId } from './testing/samples.ts';

let service: RoomServiceUnderTest;
beforeAll(async () => {
  service = await RoomServiceUnderTest.start();
});
afterAll(() => service.close());

/** A good request of each method. */
const requests = {
  createAccount: { email: 'ada@example.org', password: 'correct horse', displayName: 'Ada', replaces: 'token' },
  createSession: { email: 'ada@example.org', password: 'correct horse', replaces: 'token' },
  getSession: { token: 'token' },
  getSessions: { tokens: [] },
  deleteSession: { token: 'token' },
  findEndedSessions: { sessionIds: [] },
  findUsers: { userId: newUserId(), query: 'a' },
  createRoom: { userId: newUserId(), roomId: newRoomId(), name: null, memberIds: [] },
  addMembers: { userId: newUserId(), roomId: newRoomId(), memberIds: [] },
  leaveRoom: { userId: newUserId(), roomId: newRoomId() },
  renameRoom: { userId: newUserId(), roomId: newRoomId(), name: 'Tea' },
  removeMember: { userId: newUserId(), roomId: newRoomId(), memberId: newUserId() },
  createInvitation: { userId: newUserId(), roomId: newRoomId() },
  getInvitations: { userId: newUserId(), roomId: newRoomId() },
  deleteInvitation: { userId: newUserId(), roomId: newRoomId(), invitationId: newUserId() as string as InvitationId },
  joinRoom: { userId: newUserId(), token: 'token' },
  getMembers: { userId: newUserId(), roomId: newRoomId(), after: '1', limit: 1 },
  readRooms: { readings: [] },
  getReaders: { userId: newUserId(), roomId: newRoomId(), seq: 1, exceptId: newUserId() },
  findContacts: { userId: newUserId(), userIds: [] },
  getAudiences: { userIds: [] },
  noteSeen: { people: [] },
  getMemberships: { userId: newUserId() },
  getMembershipsOfUsers: { userIds: [] },
  getRoomsVersions: { userIds: [] },
  getRooms: { roomIds: [] },
} satisfies { [Method in keyof RoomApi]: Parameters<RoomApi[Method]>[0] };

const call = (method: keyof RoomApi, request: unknown): Promise<unknown> => service.api[method](request as never);

const cases = ROOM_API_METHODS.flatMap((method) =>
  Object.keys(requests[method]).map((field) => [method, field] as const),
);

test.each(cases)('%s refuses a %s of another type, operators of databases above all', async (method, field) => {
  for (const value of [{ $gt: '' }, { $ne: null }, ['a', { $gt: '' }], [{ $gt: '' }], -1, true, { toString: 'x' }]) {
    await expect(call(method, { ...requests[method], [field]: value })).rejects.toMatchObject({ code: 'invalid' });
  }
});

test.each(ROOM_API_METHODS)('%s refuses what is no object', async (method) => {
  for (const request of [undefined, null, 'text', 7, []]) {
    await expect(call(method, request)).rejects.toMatchObject({ code: 'invalid' });
  }
});

test.each(["x' OR '1'='1' --", '../../../etc/passwd', 'short', 'x'.repeat(65), 'sixteen chars $gt', '__proto__'])(
  '%j is no id',
  async (id) => {
    const good = requests.addMembers;
    for (const bad of [{ userId: id }, { roomId: id }, { memberIds: [id] }]) {
      await expect(call('addMembers', { ...good, ...bad })).rejects.toMatchObject({ code: 'invalid' });
    }
  },
);

test('each of the readings is checked', async () => {
  const good = { userId: newUserId(), roomId: newRoomId(), seq: 1 };
  for (const bad of [{ userId: { $gt: '' } }, { roomId: 7 }, { seq: -1 }, { seq: { $gt: 0 } }, { seq: 1.5 }]) {
    await expect(call('readRooms', { readings: [good, { ...good, ...bad }] })).rejects.toMatchObject({
      code: 'invalid',
    });
  }
  const readings = Array.from({ length: 1_001 }, () => good);
  await expect(call('readRooms', { readings })).rejects.toMatchObject({ code: 'invalid' });
});

test('lists end at 1,000 and pages at 100', async () => {
  const roomIds = Array.from({ length: 1_001 }, newRoomId);
  await expect(call('getRooms', { roomIds })).rejects.toMatchObject({ code: 'invalid' });
  expect(await call('getRooms', { roomIds: roomIds.slice(1) })).toEqual({ rooms: [] });
  for (const limit of [0, 101, 1.5, Number.NaN]) {
    await expect(call('getMembers', { ...requests.getMembers, limit })).rejects.toMatchObject({ code: 'invalid' });
  }
});
