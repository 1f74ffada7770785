import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, newPerson, newRoom, newRoomId, say, startParley, waitForSeq, type Parley } from './testing/parley.ts';

let parley: Parley;
beforeAll(async () => {
  parley = await startParley();
});
afterAll(() => parley.close());

const roomRead = (item: object): boolean => 'event' in item && item.event === 'room_read';

test('what is read is stored, up to the head and never back, and told to the other tabs and to the others', async () => {
  const [ada, bob] = [await newPerson(parley, 'Ada'), await newPerson(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  const tab = await connect(parley, bob);
  for (const text of ['one', 'two', 'three']) await say(ada, roomId, text);

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

test('whoever writes has read, on whatever device they come back', async () => {
  const [ada, bob] = [await newPerson(parley, 'Ada'), await newPerson(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  await say(bob, roomId, 'one');
  await say(ada, roomId, 'two');
  const { connected } = await connect(parley, ada);
  expect(connected.rooms).toMatchObject([{ roomId, readSeq: 2, readCount: 2, count: 2 }]);
  const readers = () => bob.client.command('get_readers', { roomId, seq: 1 });
  await expect
    .poll(readers, { timeout: 20_000 })
    .toEqual({ count: 1, users: [{ userId: ada.user.userId, displayName: 'Ada' }] });
});

test('a foreign room is not read, and a seq that is none is invalid', async () => {
  const [ada, eve] = [await newPerson(parley, 'Ada'), await newPerson(parley, 'Eve')];
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

test('that somebody types is told to the others, once in a while, and is no part of the log', async () => {
  const [ada, bob] = [await newPerson(parley, 'Ada'), await newPerson(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  const tab = await connect(parley, ada);
  const typing = { event: 'typing', data: { roomId, userId: ada.user.userId } };
  for (let n = 0; n < 3; n++) await ada.client.command('set_typing', { roomId });
  await bob.client.waitFor((item) => 'event' in item && item.event === 'typing');
  await say(ada, roomId, 'Done');
  for (const one of [ada, bob, tab]) await waitForSeq(one, roomId, 1);
  const told = [ada, bob, tab].map(({ client }) =>
    client.items.filter((item) => 'event' in item && item.event === 'typing'),
  );
  expect(told).toEqual([[], [typing], []]);
});
