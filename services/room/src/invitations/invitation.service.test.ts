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

test('an invitation lets several users join', async () => {
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

test('a member who uses an invitation gets the room, and nothing changes', async () => {
  const { token } = await service.api.createInvitation({ userId: ada.userId, roomId });
  expect((await service.api.joinRoom({ userId: ada.userId, token })).room).toMatchObject({ roomId, memberCount: 1 });
  expect(service.messages.logOf(roomId)).toEqual([]);
});

test('an invitation is valid for seven days, even when its creator has left', async () => {
  const { token, expiresAt } = await service.api.createInvitation({ userId: ada.userId, roomId });
  await service.api.leaveRoom({ userId: ada.userId, roomId });
  service.now = expiresAt - 1;
  expect((await service.api.joinRoom({ userId: ben.userId, token })).room.memberCount).toBe(1);
  service.now = expiresAt;
  await expect(service.api.joinRoom({ userId: ada.userId, token })).rejects.toMatchObject({ code: 'not_found' });
});

test('a user who left can join again with the same invitation', async () => {
  const { token } = await service.api.createInvitation({ userId: ada.userId, roomId });
  await service.api.joinRoom({ userId: ben.userId, token });
  await service.api.leaveRoom({ userId: ben.userId, roomId });
  expect((await service.api.joinRoom({ userId: ben.userId, token })).room.memberCount).toBe(2);
});

test('members see the open invitations without their tokens', async () => {
  await service.api.addMembers({ userId: ada.userId, roomId, memberIds: [ben.userId] });
  const { token, expiresAt } = await service.api.createInvitation({ userId: ben.userId, roomId });
  const { invitations } = await service.api.getInvitations({ userId: ada.userId, roomId });
  expect(invitations).toEqual([
    { invitationId: expect.any(String), creatorId: ben.userId, createdAt: service.now, expiresAt },
  ]);
  expect(JSON.stringify(invitations)).not.toContain(token);
  service.now = expiresAt;
  expect(await service.api.getInvitations({ userId: ada.userId, roomId })).toEqual({ invitations: [] });
});

test('only the creator and owners can revoke an invitation, idempotently', async () => {
  const cleo = await service.signUp('Cleo');
  await service.api.addMembers({ userId: ada.userId, roomId, memberIds: [ben.userId, cleo.userId] });
  for (const revoker of [ben, ada]) {
    const { token } = await service.api.createInvitation({ userId: ben.userId, roomId });
    const { invitations } = await service.api.getInvitations({ userId: cleo.userId, roomId });
    const invitationId = invitations[0]?.invitationId ?? expect.fail();
    const revoke = ({ userId }: OwnUser): Promise<void> =>
      service.api.deleteInvitation({ userId, roomId, invitationId });
    await expect(revoke(cleo)).rejects.toMatchObject({ code: 'forbidden' });
    await revoke(revoker);
    await revoke(revoker);
    const stranger = await service.signUp();
    await expect(service.api.joinRoom({ userId: stranger.userId, token })).rejects.toMatchObject({
      code: 'not_found',
    });
  }
});

test('an invitation of another room is not revoked', async () => {
  const { room: other } = await service.createRoom(ben);
  await service.api.createInvitation({ userId: ben.userId, roomId: other.roomId });
  const { invitations } = await service.api.getInvitations({ userId: ben.userId, roomId: other.roomId });
  const invitationId = invitations[0]?.invitationId ?? expect.fail();
  await service.api.deleteInvitation({ userId: ada.userId, roomId, invitationId });
  expect((await service.api.getInvitations({ userId: ben.userId, roomId: other.roomId })).invitations).toHaveLength(1);
});

test('a room has at most fifty open invitations', async () => {
  for (let n = 0; n < 50; n++) await service.api.createInvitation({ userId: ada.userId, roomId });
  await expect(service.api.createInvitation({ userId: ada.userId, roomId })).rejects.toMatchObject({
    code: 'too_large',
  });
});

test.each(['', 'guess', '{"$gt":""}', '../../etc/passwd'])('the unknown token %j is not found', async (token) => {
  await expect(service.api.joinRoom({ userId: ben.userId, token })).rejects.toMatchObject({ code: 'not_found' });
});
