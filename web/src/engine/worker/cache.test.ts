import type { MessageId, RoomId } from '@parley/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { bob, FakeBrowser } from '../testing/fake-browser.ts';
import { settle } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';

let browser: FakeBrowser;
let room: FakeRoom;

/** A tab that had the room open, and a server that cannot be reached any more. */
beforeEach(async () => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob);
  for (let n = 1; n <= 60; n += 1) browser.server.write(room, bob, `old ${n}`);
  const { tab } = await browser.openTab();
  await tab.request('open_room', { roomId: room.roomId });
  await settle();
  await browser.clock.advance(1_000);
});

const openRoom = async () => {
  const opened = await browser.openTab();
  await opened.tab.request('open_room', { roomId: room.roomId });
  return opened;
};

describe('opened without a server', () => {
  test('the first snapshot has rooms, users and recent messages of rooms that were open', async () => {
    browser.server.isUp = false;
    await browser.restartEngine();
    const { view } = await openRoom();
    expect(view.snapshots[0]).toMatchObject({ rooms: [{ roomId: room.roomId, head: 60 }], roomsLoaded: false });
    expect(view.snapshots[0]?.users).toContainEqual(bob);
    expect(view.lines(room.roomId)).toEqual(
      room
        .messages()
        .map(({ text }) => text)
        .slice(-50),
    );
    expect(view.timelines.get(room.roomId)).toMatchObject({ state: 'ready', more: true });
  });

  test('messages since then are added once there is a connection', async () => {
    browser.server.isUp = false;
    await browser.restartEngine();
    const { view } = await openRoom();
    browser.server.write(room, bob, 'new');
    browser.server.isUp = true;
    await browser.clock.advance(30_000);
    expect(view.lines(room.roomId)).toHaveLength(51);
    expect(view.lines(room.roomId).at(-1)).toBe('new');
    expect(view.rooms.get(room.roomId)).toMatchObject({ head: 61, count: 61 });
  });

  test('a room from which the user was removed disappears once there is a connection', async () => {
    browser.server.isUp = false;
    await browser.restartEngine();
    const { view } = await openRoom();
    browser.server.rooms.delete(room.roomId);
    browser.server.isUp = true;
    await browser.clock.advance(30_000);
    expect(view.rooms.size).toBe(0);
    await browser.clock.advance(1_000);
    await browser.restartEngine();
    expect((await browser.openTab()).view.snapshots[0]?.rooms).toEqual([]);
  });
});

test('reloads a room that is far behind its log', async () => {
  await browser.restartEngine();
  for (let n = 1; n <= 1_100; n += 1) browser.server.write(room, bob, `new ${n}`, { lost: true });
  const { view } = await openRoom();
  await settle();
  expect(view.lines(room.roomId).at(-1)).toBe('new 1100');
});

test('deletes what others wrote when the user logs out, and keeps unsent messages', async () => {
  const { tab } = await openRoom();
  browser.server.isUp = false;
  browser.server.cut();
  const messageId = 'message-not-sent-yet' as MessageId;
  await tab.request('send_message', { roomId: room.roomId, messageId, text: 'mine' });
  await tab.request('clear_cache', {});
  await browser.restartEngine();
  const { view } = await browser.openTab();
  expect(view.snapshots[0]).toMatchObject({ rooms: [], unsent: [{ messageId }] });
});

test('lists a room that was created without a connection as pending, with its messages', async () => {
  browser.server.isUp = false;
  browser.server.cut();
  const roomId = 'room-made-without-connection' as RoomId;
  const [one, other] = [await browser.openTab(), await browser.openTab()];
  const created = one.tab.request('create_room', { roomId, memberIds: [bob.userId], members: [bob] });
  expect(await created).toMatchObject({ room: { roomId, isPending: true } });
  await one.tab.request('send_message', { roomId, messageId: 'message-first-of-all' as MessageId, text: 'hello' });
  await browser.restartEngine();
  await one.tab.request('open_room', { roomId });
  await settle();
  for (const { view } of [one, other, await browser.openTab()]) {
    expect(view.rooms.get(roomId)).toMatchObject({ isPending: true, members: [bob], memberCount: 2, head: 0 });
  }
  expect(one.view.timelines.get(roomId)).toMatchObject({ state: 'ready', more: false });
  expect(one.view.lines(roomId)).toEqual(['hello (pending)']);

  browser.server.isUp = true;
  await browser.clock.advance(30_000);
  expect(one.view.lines(roomId)).toEqual(['hello']);
  for (const { view } of [one, other]) expect(view.rooms.get(roomId)).not.toHaveProperty('isPending');
});

test('removes a pending room that the server refuses, and fails its messages', async () => {
  browser.server.isUp = false;
  browser.server.cut();
  const roomId = 'room-made-without-connection' as RoomId;
  const { tab, view } = await browser.openTab();
  await tab.request('create_room', { roomId, memberIds: [bob.userId] });
  await tab.request('send_message', { roomId, messageId: 'message-first-of-all' as MessageId, text: 'hello' });
  browser.server.isUp = true;
  browser.server.fate = ({ action }) => (action === 'create_room' ? { code: 'not_found' } : 'answer');
  await browser.clock.advance(30_000);
  expect(view.rooms.has(roomId)).toBe(false);
  expect([...view.unsent.values()]).toMatchObject([{ text: 'hello', status: 'failed' }]);
  await browser.restartEngine();
  await browser.openTab();
  await settle();
  expect(browser.server.count('create_room')).toBe(1);
});

test('waits with an invitation to a pending room until the room is created', async () => {
  browser.server.isUp = false;
  browser.server.cut();
  const roomId = 'room-made-without-connection' as RoomId;
  const { tab } = await browser.openTab();
  await tab.request('create_room', { roomId, memberIds: [] });
  const added = tab.request('add_members', { roomId, memberIds: [bob.userId] }).catch((failure: unknown) => failure);
  browser.server.isUp = true;
  browser.server.fate = ({ action }) => (action === 'create_room' ? 'cut_before' : 'answer');
  await browser.clock.advance(5_000);
  expect(browser.server.count('add_members')).toBe(0);
  browser.server.fate = () => 'answer';
  await browser.clock.advance(30_000);
  await added;
  expect(browser.server.count('add_members')).toBe(1);
});

test('creates a pending room in the next engine, and only then sends its messages', async () => {
  browser.server.isUp = false;
  browser.server.cut();
  const roomId = 'room-made-without-connection' as RoomId;
  const { tab } = await browser.openTab();
  void tab.request('create_room', { roomId, name: 'Mine', memberIds: [bob.userId] });
  await tab.request('send_message', { roomId, messageId: 'message-first-of-all' as MessageId, text: 'hello' });
  tab.close();
  await browser.restartEngine();
  browser.server.isUp = true;
  await browser.openTab();
  await browser.clock.advance(30_000);
  expect(browser.server.rooms.get(roomId)?.messages()).toMatchObject([{ text: 'hello' }]);
  await browser.restartEngine();
  await browser.openTab();
  await settle();
  expect(browser.server.count('create_room')).toBe(1);
});
