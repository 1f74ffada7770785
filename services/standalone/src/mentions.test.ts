import type { RoomId } from '@parley/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connect,
  newMessageId,
  newTestUser,
  newRoom,
  sendMessage,
  startParley,
  waitForSeq,
  type Parley,
  type TestUser,
} from './testing/parley.ts';

let parley: Parley;
let ada: TestUser;
let bob: TestUser;
let roomId: RoomId;
beforeAll(async () => {
  parley = await startParley();
  [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  roomId = await newRoom(ada, bob);
});
afterAll(() => parley.close());

/** Ada writes it. */
async function mention(testUser: TestUser) {
  const data = { roomId, messageId: newMessageId(), text: '@you', mentions: [testUser.user.userId] };
  return (await ada.client.command('create_message', data)).message;
}

/** As shown to a new connection. */
async function mentionsOf(testUser: TestUser): Promise<number | undefined> {
  const { client, connected } = await connect(parley, testUser);
  await client.close();
  return connected.rooms.find((room) => room.roomId === roomId)?.mentionCount;
}

test('unread mentions are counted for the mentioned user until they are read or deleted, or the user leaves', async () => {
  const [first, second, third] = [await mention(bob), await mention(bob), await mention(bob)];
  await sendMessage(ada, roomId, 'nobody');
  expect([await mentionsOf(bob), await mentionsOf(ada)]).toEqual([3, 0]);
  const { rooms } = await bob.client.command('get_user_rooms', {});
  expect(rooms).toMatchObject([{ roomId, mentionCount: 3, readSeq: 0 }]);

  const tab = await connect(parley, bob);
  expect(await bob.client.command('read_room', { roomId, seq: first.seq })).toMatchObject({ mentionCount: 2 });
  expect(await tab.client.waitFor((item) => 'event' in item && item.event === 'room_read')).toMatchObject({
    data: { roomId, userId: bob.user.userId, seq: first.seq, mentionCount: 2 },
  });
  expect(await mentionsOf(bob)).toBe(2);

  await ada.client.command('delete_message', { roomId, messageId: second.messageId });
  expect(await mentionsOf(bob)).toBe(1);

  expect(await bob.client.command('read_room', { roomId, seq: third.seq })).toMatchObject({ mentionCount: 0 });
  expect(await mentionsOf(bob)).toBe(0);

  await mention(bob);
  await bob.client.command('leave_room', { roomId });
  await ada.client.command('add_members', { roomId, memberIds: [bob.user.userId] });
  expect(await mentionsOf(bob)).toBe(0);
  const { seq } = await mention(bob);
  await waitForSeq(bob, roomId, seq);
  expect(await mentionsOf(bob)).toBe(1);
  await sendMessage(bob, roomId, 'I am here');
  expect(await mentionsOf(bob)).toBe(0);
});
