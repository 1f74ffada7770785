import type { InvitationId } from '@parley/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connect,
  entriesOf,
  newTestUser,
  newRoom,
  sendMessage,
  startParley,
  waitForSeq,
  type Parley,
} from './testing/parley.ts';

let parley: Parley;
beforeAll(async () => {
  parley = await startParley();
});
afterAll(() => parley.close());

const removed = (item: object): boolean => 'event' in item && item.event === 'room_removed';

test('an owner renames the room, and members receive the name as an entry of its log', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  expect(await ada.client.command('rename_room', { roomId, name: ' Tea ' })).toMatchObject({
    room: { roomId, name: 'Tea', memberCount: 2 },
  });
  await ada.client.command('rename_room', { roomId });
  await waitForSeq(bob, roomId, 2);
  const names = bob.client.items.flatMap((item) => ('seq' in item && item.roomId === roomId ? [item.data] : []));
  expect(names).toEqual([
    { name: 'Tea', userId: ada.user.userId },
    { name: null, userId: ada.user.userId },
  ]);
  await expect(bob.client.command('rename_room', { roomId, name: 'Mine' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(ada.client.command('rename_room', { roomId, name: 'x'.repeat(121) })).rejects.toMatchObject({
    code: 'too_large',
  });
});

test('a removed member loses the room at once on every connection, and their commands are rejected', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  const tab = await connect(parley, bob);
  const { userId } = bob.user;
  const remove = () => ada.client.command('remove_member', { roomId, userId });
  expect(await remove()).toMatchObject({ room: { roomId, memberCount: 1 } });
  for (const testUser of [bob, tab]) {
    await testUser.client.waitFor(removed);
    expect(entriesOf(testUser, roomId)).toEqual([{ event: 'member_left', seq: 1 }]);
    await expect(sendMessage(testUser, roomId, 'Still here?')).rejects.toMatchObject({ code: 'not_member' });
    await expect(testUser.client.command('set_typing', { roomId })).rejects.toMatchObject({ code: 'not_member' });
  }
  await waitForSeq(ada, roomId, 1);
  expect(ada.client.items).toContainEqual({
    ...{ event: 'member_left', roomId, seq: 1 },
    data: { userId, removedBy: ada.user.userId },
  });
  await expect(remove()).rejects.toMatchObject({ code: 'not_found' });
});

test('when the last owner leaves, the member who joined first becomes owner, and members are informed', async () => {
  const [ada, bob, eve] = await Promise.all(['Ada', 'Bob', 'Eve'].map((name) => newTestUser(parley, name)));
  if (!ada || !bob || !eve) throw new RangeError('Three users were requested.');
  const roomId = await newRoom(ada, bob);
  await ada.client.command('add_members', { roomId, memberIds: [eve.user.userId] });
  await expect(bob.client.command('remove_member', { roomId, userId: eve.user.userId })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await ada.client.command('leave_room', { roomId });
  await waitForSeq(eve, roomId, 2);
  expect(eve.client.items).toContainEqual({
    ...{ event: 'member_left', roomId, seq: 2 },
    data: { userId: ada.user.userId, newOwnerId: bob.user.userId },
  });
  const { connected } = await connect(parley, bob);
  expect(connected.rooms).toMatchObject([{ roomId, role: 'owner' }]);
  await expect(bob.client.command('remove_member', { roomId, userId: bob.user.userId })).rejects.toMatchObject({
    code: 'invalid',
  });
  await bob.client.command('remove_member', { roomId, userId: eve.user.userId });
  await eve.client.waitFor(removed);
});

test('invitations are listed without their tokens, and revoked', async () => {
  const [ada, bob, eve] = await Promise.all(['Ada', 'Bob', 'Eve'].map((name) => newTestUser(parley, name)));
  if (!ada || !bob || !eve) throw new RangeError('Three users were requested.');
  const roomId = await newRoom(ada, bob);
  const { token, expiresAt } = await ada.client.command('create_invitation', { roomId });
  const { invitations } = await bob.client.command('get_invitations', { roomId });
  expect(invitations).toMatchObject([{ creatorId: ada.user.userId, expiresAt }]);
  expect(JSON.stringify(invitations)).not.toContain(token);
  const invitationId = invitations[0]?.invitationId ?? expect.fail();
  const revoke = (by: typeof ada) => by.client.command('delete_invitation', { roomId, invitationId });
  await expect(revoke(bob)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(revoke(eve)).rejects.toMatchObject({ code: 'not_member' });
  expect([await revoke(ada), await revoke(ada)]).toEqual([{}, {}]);
  expect(await ada.client.command('get_invitations', { roomId })).toEqual({ invitations: [] });
  await expect(eve.client.command('join_room', { token })).rejects.toMatchObject({ code: 'not_found' });
  const bad = 'short' as InvitationId;
  await expect(ada.client.command('delete_invitation', { roomId, invitationId: bad })).rejects.toMatchObject({
    code: 'invalid',
  });
});
