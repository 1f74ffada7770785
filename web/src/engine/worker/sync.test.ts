import type { MessageId, RoomEvent, RoomId } from '@parley/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ada, bob, FakeBrowser, type OpenTab } from '../testing/fake-browser.ts';
import { settle } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';

let browser: FakeBrowser;
let room: FakeRoom;
let first: OpenTab;

beforeEach(async () => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob);
  browser.server.write(room, bob, 'zero');
  first = await browser.openTab();
  await first.tab.request('open_room', { roomId: room.roomId });
  await settle();
});

const write = (text: string, options?: { lost: boolean }): RoomEvent => browser.server.write(room, bob, text, options);
const lines = (): string[] => first.view.lines(room.roomId);
const texts = (): string[] => room.messages().map(({ text }) => text);

/** What the tab has is what a new tab of a new engine would be given. */
function expectFreshFetch(): void {
  expect(lines()).toEqual(texts());
  expectFreshSummary();
}

function expectFreshSummary(): void {
  expect(first.view.rooms.get(room.roomId)).toEqual(room.summary(ada.userId));
}

describe('live events', () => {
  test('are applied in order, once', async () => {
    const one = write('one');
    browser.server.send([one, one]);
    const two = write('two');
    browser.server.send([one, two]);
    await settle();
    expectFreshFetch();
    expect(browser.server.count('get_events')).toBe(0);
  });

  test('in the wrong order need no repair if the missing one arrives', async () => {
    const one = write('one', { lost: true });
    write('two');
    await settle();
    expect(lines()).toEqual(['zero']);
    browser.server.send([one]);
    await browser.clock.advance(3_000);
    expectFreshFetch();
    expect(browser.server.count('get_events')).toBe(0);
  });

  test('show and count a new member', async () => {
    browser.server.send([room.join({ userId: 'eve' as typeof bob.userId, displayName: 'Eve' })]);
    await settle();
    expect(lines()).toEqual(['zero', 'joined']);
    expect(first.view.rooms.get(room.roomId)).toEqual(room.summary(ada.userId));
  });
});

describe('a member who leaves a larger room', () => {
  const users = Array.from({ length: 7 }, (_, n) => ({
    userId: `user-${n}` as typeof bob.userId,
    displayName: `U${n}`,
  }));
  const leave = (userId: typeof bob.userId) => browser.server.send([room.leave(userId)]);
  beforeEach(async () => {
    browser.server.send(users.map((user) => room.join(user)));
    await settle();
  });

  test('is replaced by the next one among the first five', async () => {
    leave(bob.userId);
    await settle();
    expectFreshSummary();
    const asked = browser.server.received.flatMap(({ action, data }) => (action === 'get_members' ? [data.limit] : []));
    expect(asked.filter((limit) => limit === 5)).toHaveLength(1);
  });

  test('and others who leave while the members are being read: the last answer wins', async () => {
    leave(bob.userId);
    for (const { userId } of users.slice(0, 4)) leave(userId);
    await settle();
    expectFreshSummary();
  });

  test('is not replaced while the members cannot be read, until the list is read again', async () => {
    browser.server.fate = ({ action }) => (action === 'get_members' ? { code: 'unavailable' } : 'answer');
    leave(bob.userId);
    await settle();
    expect(first.view.rooms.get(room.roomId)).toMatchObject({ memberCount: 8 });
    browser.server.fate = () => 'answer';
    await browser.clock.advance(30_000);
    expectFreshSummary();
  });
});

describe('a gap', () => {
  test('is repaired by get_events after a wait of 250 to 2,000 ms', async () => {
    browser.random = () => 0.999_999;
    write('one', { lost: true });
    write('two', { lost: true });
    write('three');
    await browser.clock.advance(1_999);
    expect([lines(), browser.server.count('get_events')]).toEqual([['zero'], 0]);
    await browser.clock.advance(1);
    expectFreshFetch();
    expect(browser.server.count('get_events')).toBe(1);
  });

  test('in a room that no tab has open is repaired too, so that its counts are right', async () => {
    await first.tab.request('close_room', { roomId: room.roomId });
    write('one', { lost: true });
    write('two');
    await browser.clock.advance(2_000);
    expect(first.view.rooms.get(room.roomId)).toEqual(room.summary(ada.userId));
  });

  test('larger than a page is read page by page', async () => {
    for (let index = 0; index < 450; index += 1) write(`message ${index}`, { lost: true });
    write('last');
    await browser.clock.advance(2_000);
    expectFreshFetch();
    expect(browser.server.count('get_events')).toBe(3);
  });

  test('larger than 1,000 entries is not read: the newest page replaces what was loaded', async () => {
    for (let index = 0; index < 1_200; index += 1) write(`message ${index}`, { lost: true });
    write('last');
    await browser.clock.advance(2_000);
    expect(browser.server.count('get_events')).toBe(0);
    expect(lines()).toEqual(texts().slice(-50));
    expect(first.view.rooms.get(room.roomId)).toEqual(room.summary(ada.userId));
  });

  test('whose repair is refused with a retryable error is repaired later', async () => {
    let refusals = 0;
    browser.server.fate = ({ action }) =>
      action === 'get_events' && ++refusals <= 3 ? { code: 'unavailable', retryAfterMs: 500 } : 'answer';
    write('one', { lost: true });
    write('two');
    await browser.clock.advance(10_000);
    expectFreshFetch();
  });
});

describe('resync', () => {
  test('of a room reads its missing entries', async () => {
    write('one', { lost: true });
    browser.server.send([{ event: 'resync', data: { roomIds: [room.roomId] } }]);
    await settle();
    expectFreshFetch();
  });

  test('of everything reads the list of rooms: adds new rooms and removes missing ones', async () => {
    const gone = browser.server.addRoom('gone', bob);
    browser.server.send([{ event: 'room_created', data: { room: gone.summary(ada.userId) } }]);
    browser.server.rooms.delete(gone.roomId);
    const fresh = browser.server.addRoom('fresh', bob);
    browser.server.send([{ event: 'resync', data: {} }]);
    await settle();
    expect([...first.view.rooms.keys()]).toEqual([room.roomId, fresh.roomId]);
  });
});

describe('after a reconnect', () => {
  const away = async (meanwhile: () => void): Promise<void> => {
    browser.server.isUp = false;
    browser.server.cut();
    await settle();
    meanwhile();
    browser.server.isUp = true;
    await browser.clock.advance(5_000);
  };

  test('open rooms are repaired entry by entry, others by their summary', async () => {
    const other = browser.server.addRoom('gardens', bob);
    await away(() => {
      write('one', { lost: true });
      browser.server.write(other, bob, 'flowers', { lost: true });
    });
    expectFreshFetch();
    expect(first.view.rooms.get(other.roomId)).toEqual(other.summary(ada.userId));
    expect(browser.server.count('get_events')).toBe(1);
  });

  test('a timeline that no tab has open any more is read again when it is opened', async () => {
    await first.tab.request('close_room', { roomId: room.roomId });
    await away(() => write('one', { lost: true }));
    expect(browser.server.count('get_events')).toBe(0);
    await first.tab.request('open_room', { roomId: room.roomId });
    await settle();
    expectFreshFetch();
  });

  test('the list is read to its end, page by page', async () => {
    browser.server.roomsPerPage = 2;
    for (const name of ['a', 'b', 'c', 'd']) browser.server.addRoom(name, bob);
    await away(() => undefined);
    expect(first.view.rooms.size).toBe(5);
    expect(browser.server.count('get_user_rooms')).toBe(2);
  });

  test('a room that is added while the list is being read stays, and a removed one stays removed', async () => {
    browser.server.roomsPerPage = 1;
    const going = browser.server.addRoom('going', bob);
    const coming = browser.server.addRoom('coming', bob);
    const summary = coming.summary(ada.userId);
    browser.server.rooms.delete(coming.roomId);
    browser.server.fate = ({ action }) => {
      if (action === 'get_user_rooms') {
        browser.server.send([
          { event: 'room_removed', data: { roomId: going.roomId } },
          { event: 'room_created', data: { room: summary } },
        ]);
      }
      return 'answer';
    };
    await away(() => undefined);
    expect([...first.view.rooms.keys()]).toEqual([room.roomId, coming.roomId]);
  });
});

describe('history', () => {
  beforeEach(async () => {
    for (let index = 1; index <= 120; index += 1) write(`message ${index}`, { lost: true });
    browser.server.cut();
    await browser.clock.advance(5_000);
  });

  test('is loaded upwards in pages of 50, to the first message', async () => {
    const { roomId } = room;
    await browser.restartEngine();
    const tab = await browser.openTab();
    await tab.tab.request('open_room', { roomId });
    await settle();
    const sizes = [tab.view.lines(roomId).length];
    for (let page = 0; page < 3; page += 1) {
      await tab.tab.request('load_older', { roomId });
      sizes.push(tab.view.lines(roomId).length);
    }
    expect(sizes).toEqual([50, 100, 121, 121]);
    expect(tab.view.lines(roomId)).toEqual(texts());
    expect(tab.view.timelines.get(roomId)?.more).toBe(false);
    expect(browser.server.received.filter(({ action }) => action === 'get_messages')).toHaveLength(3);
  });
});

test('keeps few entries of a room that is shown at its end, and all of one that is scrolled up', async () => {
  const { roomId } = room;
  const second = await browser.openTab();
  const shown = ({ view }: OpenTab): string[] => view.lines(roomId);
  const writeMany = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) write(`line ${n}`);
    await settle();
  };
  await second.tab.request('open_room', { roomId });
  for (const { tab } of [first, second]) await tab.request('set_at_end', { roomId, atEnd: true });
  await writeMany(1_000);
  expect(shown(first).length).toBeLessThanOrEqual(600);
  expect(shown(first)).toEqual(texts().slice(-shown(first).length));
  expect(shown(second)).toEqual(shown(first));
  expect(second.view.timelines.get(roomId)?.more).toBe(true);

  await second.tab.request('set_at_end', { roomId, atEnd: false });
  const before = shown(second).length;
  await writeMany(1_000);
  expect(shown(second)).toEqual(texts().slice(-before - 1_000));
  expect(shown(first)).toEqual(shown(second));
  await second.tab.request('load_older', { roomId });
  expect(shown(second)).toHaveLength(before + 1_050);

  await second.tab.request('close_room', { roomId });
  await writeMany(1);
  expect(shown(first)).toEqual(texts().slice(-300));
});

test('a new engine receives that a tab shows only the end of a room', async () => {
  const { roomId } = room;
  await first.tab.request('set_at_end', { roomId, atEnd: true });
  await browser.restartEngine();
  browser.announceEngine();
  await settle();
  for (let n = 0; n < 700; n += 1) write(`line ${n}`);
  await settle();
  expect(lines().length).toBeLessThanOrEqual(600);
});

test('the first page is shown as failed if it cannot be loaded, and is requested again', async () => {
  const other = browser.server.addRoom('gardens', bob);
  browser.server.write(other, bob, 'flowers', { lost: true });
  let refusals = 0;
  browser.server.fate = ({ action }) =>
    action === 'get_messages' && ++refusals <= 2 ? { code: 'unavailable' } : 'answer';
  await first.tab.request('open_room', { roomId: other.roomId });
  await settle();
  expect(first.view.timelines.get(other.roomId)?.state).toBe('failed');
  await browser.clock.advance(10_000);
  expect(first.view.lines(other.roomId)).toEqual(['flowers']);
});

test('the first page of a room that was opened without a connection is loaded once there is one', async () => {
  const [lost, offline] = ['gardens', 'weather'].map((name) => browser.server.addRoom(name, bob));
  if (!lost || !offline) throw new Error('Two rooms were made.');
  browser.server.write(lost, bob, 'flowers', { lost: true });
  browser.server.write(offline, bob, 'rain', { lost: true });
  browser.server.fate = ({ action }) => (action === 'get_messages' ? 'silence' : 'answer');
  await first.tab.request('open_room', { roomId: lost.roomId });
  await settle();
  expect(first.view.timelines.get(lost.roomId)?.state).toBe('loading');
  browser.server.isUp = false;
  browser.server.cut();
  await settle();
  await first.tab.request('open_room', { roomId: offline.roomId });
  const states = () => [lost, offline].map(({ roomId }) => first.view.timelines.get(roomId)?.state);
  expect(states()).toEqual(['failed', 'failed']);
  browser.server.isUp = true;
  browser.server.fate = () => 'answer';
  await browser.clock.advance(10_000);
  expect(states()).toEqual(['ready', 'ready']);
  expect([lost, offline].map(({ roomId }) => first.view.lines(roomId))).toEqual([['flowers'], ['rain']]);
});

test('loads a room that was opened before it existed', async () => {
  const roomId = 'room-not-mine-yet' as RoomId;
  await first.tab.request('open_room', { roomId });
  await settle();
  expect(first.view.timelines.get(roomId)?.state).toBe('failed');
  await first.tab.request('create_room', { roomId, name: 'Mine', memberIds: [bob.userId] });
  await settle();
  expect(first.view.timelines.get(roomId)?.state).toBe('ready');
});

test('creates a room once there is a connection, and only then sends its messages', async () => {
  browser.server.isUp = false;
  browser.server.cut();
  const roomId = 'room-made-without-connection' as RoomId;
  const created = first.tab.request('create_room', { roomId, name: 'Mine', memberIds: [bob.userId] });
  await first.tab.request('send_message', { roomId, messageId: 'message-first-of-all' as MessageId, text: 'hello' });
  browser.server.isUp = true;
  browser.server.fate = ({ action }) => (action === 'create_room' ? 'cut_before' : 'answer');
  await browser.clock.advance(5_000);
  expect(browser.server.count('create_message')).toBe(0);
  browser.server.fate = () => 'answer';
  await browser.clock.advance(5_000);
  await created;
  expect(browser.server.rooms.get(roomId)?.messages()).toMatchObject([{ text: 'hello' }]);
  const other = await browser.openTab();
  expect(other.view.rooms.get(roomId)).toMatchObject({ count: 1 });
});
