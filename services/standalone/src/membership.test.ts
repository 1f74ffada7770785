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

test('a new member receives the room before its events', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = await newRoom(ada);
  await sendMessage(ada, roomId, 'before');
  const { room } = await ada.client.command('add_members', { roomId, memberIds: [bob.user.userId] });
  expect(room).toMatchObject({ roomId, memberCount: 2 });
  expect(room).not.toHaveProperty('initialMemberCount');
  await sendMessage(ada, roomId, 'after');
  await waitForSeq(bob, roomId, 3);
  const events = bob.client.items.filter((item) => 'event' in item);
  expect(events[0]).toMatchObject({ event: 'room_created', data: { room: { roomId, readSeq: 2 } } });
  await waitForSeq(ada, roomId, 3);
  expect(entriesOf(ada, roomId)).toEqual([
    { event: 'message_created', seq: 1 },
    { event: 'member_joined', seq: 2 },
    { event: 'message_created', seq: 3 },
  ]);
});

test('a leaving member receives their own member_left as the last event, on every connection', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  const second = await connect(parley, bob);
  await bob.client.command('leave_room', { roomId });
  await sendMessage(ada, roomId, 'They are gone');
  await waitForSeq(ada, roomId, 2);
  for (const testUser of [bob, second]) {
    await testUser.client.waitFor(removed);
    expect(entriesOf(testUser, roomId)).toEqual([{ event: 'member_left', seq: 1 }]);
  }
  await expect(bob.client.command('get_messages', { roomId })).rejects.toMatchObject({ code: 'not_member' });
});

test('an invitation admits a user, who may leave and return', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = await newRoom(ada);
  const { token, expiresAt } = await ada.client.command('create_invitation', { roomId });
  expect(expiresAt).toBeGreaterThan(Date.now());
  for (const seq of [1, 3]) {
    const { room } = await bob.client.command('join_room', { token });
    expect(room).toMatchObject({ roomId, head: seq, readSeq: seq, memberCount: 2 });
    await bob.client.command('leave_room', { roomId });
  }
  await waitForSeq(ada, roomId, 4);
  await bob.client.waitFor(removed);
  await bob.client.command('join_room', { token });
  await sendMessage(ada, roomId, 'Welcome back');
  await waitForSeq(bob, roomId, 6);
});

test('members are listed page by page in the order they joined', async () => {
  const testUsers = await Promise.all(['Ada', 'Bob', 'Eve'].map((name) => newTestUser(parley, name)));
  const [ada, ...others] = testUsers;
  if (!ada) throw new Error('Three users were requested.');
  const roomId = await newRoom(ada, ...others);
  const first = await ada.client.command('get_members', { roomId, limit: 2 });
  const second = await ada.client.command('get_members', { roomId, after: first.next ?? '' });
  const names = [...first.members, ...second.members].map(({ displayName }) => displayName);
  expect(names[0]).toBe('Ada');
  expect(new Set(names)).toEqual(new Set(['Ada', 'Bob', 'Eve']));
  expect(second.next).toBeUndefined();
});
