import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connect,
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

const roomRead = (item: object): boolean => 'event' in item && item.event === 'room_read';

test('a read position moves forward up to the head, and reaches the user’s other connections and the members', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  const tab = await connect(parley, bob);
  for (const text of ['one', 'two', 'three']) await sendMessage(ada, roomId, text);

  expect(await bob.client.command('read_room', { roomId, seq: 2 })).toEqual({
    readSeq: 2,
    readCount: 2,
    mentionCount: 0,
  });
  expect(await bob.client.command('read_room', { roomId, seq: 1 })).toEqual({
    readSeq: 2,
    readCount: 2,
    mentionCount: 0,
  });
  expect(await bob.client.command('read_room', { roomId, seq: 99 })).toEqual({
    readSeq: 3,
    readCount: 3,
    mentionCount: 0,
  });

  const userId = bob.user.userId;
  expect(await tab.client.waitFor(roomRead)).toEqual({
    event: 'room_read',
    data: { roomId, userId, seq: 2, readCount: 2, mentionCount: 0 },
  });
  expect(await ada.client.waitFor(roomRead)).toEqual({ event: 'room_read', data: { roomId, userId, seq: 2 } });
  const { connected } = await connect(parley, bob);
  expect(connected.rooms).toMatchObject([{ roomId, readSeq: 3, readCount: 3, count: 3, role: 'member' }]);
  const { members } = await ada.client.command('get_members', { roomId });
  expect(members).toContainEqual({ userId, displayName: 'Bob', role: 'member', readSeq: 3 });
});

test('an author’s message moves their read position, also for a later connection', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  await sendMessage(bob, roomId, 'one');
  await sendMessage(ada, roomId, 'two');
  const { connected } = await connect(parley, ada);
  expect(connected.rooms).toMatchObject([{ roomId, readSeq: 2, readCount: 2, count: 2 }]);
  const readers = () => bob.client.command('get_readers', { roomId, seq: 1 });
  await expect
    .poll(readers, { timeout: 20_000 })
    .toEqual({ count: 1, users: [{ userId: ada.user.userId, displayName: 'Ada' }] });
});

test('reading is rejected in a foreign room and with an invalid seq', async () => {
  const [ada, eve] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Eve')];
  const roomId = await newRoom(ada);
  for (const foreign of [roomId, newRoomId()]) {
    const attempts = [
      () => eve.client.command('read_room', { roomId: foreign, seq: 1 }),
      () => eve.client.command('get_readers', { roomId: foreign, seq: 1 }),
      () => eve.client.command('set_typing', { roomId: foreign }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'not_member' });
  }
  for (const seq of [-1, 1.5, Number.MAX_SAFE_INTEGER + 1]) {
    await expect(ada.client.command('read_room', { roomId, seq })).rejects.toMatchObject({ code: 'invalid' });
  }
  await expect(ada.client.command('get_readers', { roomId, seq: 0 })).rejects.toMatchObject({ code: 'invalid' });
});

test('typing reaches the other members, at a limited rate, and is not in the log', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  const tab = await connect(parley, ada);
  const typing = { event: 'typing', data: { roomId, userId: ada.user.userId } };
  for (let n = 0; n < 3; n++) await ada.client.command('set_typing', { roomId });
  await bob.client.waitFor((item) => 'event' in item && item.event === 'typing');
  await sendMessage(ada, roomId, 'Done');
  for (const one of [ada, bob, tab]) await waitForSeq(one, roomId, 1);
  const received = [ada, bob, tab].map(({ client }) =>
    client.items.filter((item) => 'event' in item && item.event === 'typing'),
  );
  expect(received).toEqual([[], [typing], []]);
});
