import type { RoomId } from '@parley/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connect,
  newMessageId,
  newPerson,
  newRoom,
  say,
  startParley,
  waitForSeq,
  type Parley,
  type Person,
} from './testing/parley.ts';

let parley: Parley;
let ada: Person;
let bob: Person;
let roomId: RoomId;
beforeAll(async () => {
  parley = await startParley();
  [ada, bob] = [await newPerson(parley, 'Ada'), await newPerson(parley, 'Bob')];
  roomId = await newRoom(ada, bob);
});
afterAll(() => parley.close());

/** By Ada. */
async function mention(person: Person) {
  const data = { roomId, messageId: newMessageId(), text: '@you', mentions: [person.user.userId] };
  return (await ada.client.command('create_message', data)).message;
}

/** As somebody sees who connects now. */
async function mentionsOf(person: Person): Promise<number | undefined> {
  const { client, connected } = await connect(parley, person);
  await client.close();
  return connected.rooms.find((room) => room.roomId === roomId)?.mentionCount;
}

test('unread mentions are counted for whom they call, until they are read, deleted, or one has left', async () => {
  const [first, second, third] = [await mention(bob), await mention(bob), await mention(bob)];
  await say(ada, roomId, 'nobody');
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
  await say(bob, roomId, 'I am here');
  expect(await mentionsOf(bob)).toBe(0);
});
