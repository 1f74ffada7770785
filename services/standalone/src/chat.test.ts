import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  entriesOf,
  newMessageId,
  newTestUser,
  newRoom,
  newRoomId,
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

test('a message reaches all members, its author too, and no one outside the room', async () => {
  const [ada, bob, eve] = await Promise.all(['Ada', 'Bob', 'Eve'].map((name) => newTestUser(parley, name)));
  if (!ada || !bob || !eve) throw new Error('Three users were requested.');
  const roomId = await newRoom(ada, bob);
  const messageId = newMessageId();
  const { message } = await ada.client.command('create_message', { roomId, messageId, text: 'Hello' });
  expect(message).toMatchObject({ roomId, messageId, seq: 1, text: 'Hello', userId: ada.user.userId, attachments: [] });
  for (const { client } of [ada, bob]) {
    const event = await client.waitFor((item) => 'event' in item && item.event === 'message_created');
    const user = { userId: ada.user.userId, displayName: 'Ada' };
    expect(event).toEqual({ event: 'message_created', roomId, seq: 1, data: { message, user } });
  }
  expect(entriesOf(eve, roomId)).toEqual([]);
});

test('a new room reaches its members at once, with all fields that a client needs to show it', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = newRoomId();
  const memberIds = [bob.user.userId];
  const { room } = await ada.client.command('create_room', { roomId, name: ' Engines ', memberIds });
  expect(room).toMatchObject({
    roomId,
    name: 'Engines',
    memberCount: 2,
    head: 0,
    count: 0,
    readSeq: 0,
    lastMessage: null,
    role: 'owner',
  });
  const event = await bob.client.waitFor((item) => 'event' in item && item.event === 'room_created');
  expect(event).toEqual({ event: 'room_created', data: { room: { ...room, role: 'member' } } });
});

test('messages of one connection to one room are stored in the order they were sent', async () => {
  const ada = await newTestUser(parley);
  const roomId = await newRoom(ada);
  const texts = Array.from({ length: 50 }, (_, index) => `Message ${index}`);
  ada.client.send(
    JSON.stringify(
      texts.map((text, id) => ({ id, action: 'create_message', data: { roomId, messageId: newMessageId(), text } })),
    ),
  );
  await waitForSeq(ada, roomId, 50);
  const { messages } = await ada.client.command('get_messages', { roomId });
  expect(messages.map(({ text }) => text)).toEqual(texts);
});

test('a repeated message returns the stored one, and its id with another text is a conflict', async () => {
  const ada = await newTestUser(parley);
  const roomId = await newRoom(ada);
  const messageId = newMessageId();
  const first = await ada.client.command('create_message', { roomId, messageId, text: 'Once' });
  expect(await ada.client.command('create_message', { roomId, messageId, text: 'Once' })).toEqual(first);
  await expect(ada.client.command('create_message', { roomId, messageId, text: 'Twice' })).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('get_user_rooms returns the current rooms, those with the latest activity first', async () => {
  const ada = await newTestUser(parley);
  const [older, newer, empty] = [await newRoom(ada), await newRoom(ada), await newRoom(ada)];
  await sendMessage(ada, newer, 'first');
  await sendMessage(ada, older, 'a'.repeat(300));
  const { rooms, next, roomsVersion } = await ada.client.command('get_user_rooms', {});
  expect(next).toBeUndefined();
  expect(roomsVersion).toBeGreaterThan(0);
  expect(rooms.map(({ roomId }) => roomId)).toEqual([older, newer, empty]);
  expect(rooms[0]).toMatchObject({ head: 1, count: 1, lastMessage: { text: 'a'.repeat(200), truncated: true } });
});

test('the log read page by page equals the live events', async () => {
  const ada = await newTestUser(parley);
  const roomId = await newRoom(ada);
  for (const text of ['one', 'two', 'three', 'four', 'five']) await sendMessage(ada, roomId, text);
  await waitForSeq(ada, roomId, 5);
  const live = ada.client.items.filter((item) => 'seq' in item);
  const first = await ada.client.command('get_events', { roomId, after: 0, limit: 3 });
  const second = await ada.client.command('get_events', { roomId, after: 3 });
  expect([...first.events, ...second.events]).toEqual(live);
  expect(second.head).toBe(5);
  const newest = await ada.client.command('get_messages', { roomId, limit: 2 });
  expect(newest).toMatchObject({ more: true, head: 5, messages: [{ seq: 4 }, { seq: 5 }] });
  const before = await ada.client.command('get_messages', { roomId, before: 4 });
  expect(before.more).toBe(false);
  expect(before.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});
