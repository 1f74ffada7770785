import { AWAY_AFTER_MS, TYPING_SHOWN_MS, type UserId } from '@parley/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ada, bob, FakeBrowser, type OpenTab } from '../testing/fake-browser.ts';
import { settle } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';

const eve = { userId: 'eve' as UserId, displayName: 'Eve' };
let browser: FakeBrowser;
let room: FakeRoom;
let first: OpenTab;

beforeEach(async () => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob, eve);
  first = await browser.openTab();
  await first.tab.request('open_room', { roomId: room.roomId });
  await settle();
});

const types = (userId: UserId): void =>
  browser.server.send([{ event: 'typing', data: { roomId: room.roomId, userId } }]);
const typing = () => first.view.typing.get(room.roomId) ?? [];

describe('who is typing', () => {
  test('is shown, several together, and no longer than 5 s after the last word of it', async () => {
    types(bob.userId);
    types(eve.userId);
    await settle();
    expect(typing()).toEqual(['bob', 'eve']);
    await browser.clock.advance(TYPING_SHOWN_MS - 1);
    types(eve.userId);
    await browser.clock.advance(1);
    expect(typing()).toEqual(['eve']);
    await browser.clock.advance(TYPING_SHOWN_MS);
    expect(typing()).toEqual([]);
  });

  test('types no more once the message is there', async () => {
    types(bob.userId);
    browser.server.write(room, bob, 'done');
    await settle();
    expect(typing()).toEqual([]);
  });

  test('does not include the user', async () => {
    types(ada.userId);
    await settle();
    expect(typing()).toEqual([]);
  });

  test('is reported at most every 3 s, by all tabs together, and again after sending', async () => {
    const second = await browser.openTab();
    const key = async (): Promise<void> => {
      await first.tab.request('set_typing', { roomId: room.roomId });
      await second.tab.request('set_typing', { roomId: room.roomId });
    };
    await key();
    await browser.clock.advance(2_999);
    await key();
    expect(browser.server.count('set_typing')).toBe(1);
    await browser.clock.advance(1);
    await key();
    expect(browser.server.count('set_typing')).toBe(2);
  });
});

describe('who is there', () => {
  const watch = (userIds: readonly UserId[], pushed = true) => first.tab.request('watch_presence', { userIds, pushed });
  const status = (userId: UserId) => first.view.presence.get(userId);

  test('is requested once, and then pushed', async () => {
    browser.server.online.add(bob.userId);
    await watch([bob.userId, eve.userId]);
    await browser.clock.advance(1_000);
    expect([status(bob.userId), status(eve.userId)]).toEqual(['online', 'offline']);
    browser.server.send([{ event: 'presence_changed', data: { userId: eve.userId, status: 'away' } }]);
    await browser.clock.advance(40_000);
    expect(status(eve.userId)).toBe('away');
    expect(browser.server.count('get_presence')).toBe(1);
  });

  test('is requested repeatedly in a large room, where it is not pushed', async () => {
    await watch([bob.userId], false);
    await browser.clock.advance(1_000);
    browser.server.online.add(bob.userId);
    await browser.clock.advance(31_000);
    expect(status(bob.userId)).toBe('online');
    await watch([], false);
    browser.server.heartbeat();
    const asked = browser.server.count('get_presence');
    await browser.clock.advance(40_000);
    expect(browser.server.count('get_presence')).toBe(asked);
  });

  test('is requested again over a new connection, and shown as before until then', async () => {
    browser.server.online.add(bob.userId);
    await watch([bob.userId]);
    await browser.clock.advance(1_000);
    browser.server.online.delete(bob.userId);
    browser.server.cut();
    await settle();
    expect(status(bob.userId)).toBe('online');
    await browser.clock.advance(60_000);
    expect(status(bob.userId)).toBe('offline');
  });

  test('is asked for by an engine that takes over, too', async () => {
    browser.server.online.add(bob.userId);
    await watch([bob.userId]);
    await browser.clock.advance(1_000);
    await browser.openTab(ada, 2);
    await browser.clock.advance(1_000);
    expect(browser.server.count('get_presence')).toBe(2);
    expect(status(bob.userId)).toBe('online');
  });

  test('more than 100 are asked for in parts', async () => {
    await watch(Array.from({ length: 250 }, (_, index) => `user-${index}` as UserId));
    await browser.clock.advance(3_000);
    const sizes = browser.server.received.flatMap(({ action, data }) =>
      action === 'get_presence' ? [data.userIds.length] : [],
    );
    expect(sizes).toEqual([100, 100, 50]);
  });
});

describe('one is away', () => {
  const reported = () =>
    browser.server.received.flatMap(({ action, data }) => (action === 'set_away' ? [data.away] : []));
  /** Time goes by on a connection that lives. */
  const wait = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 20_000) {
      await browser.clock.advance(Math.min(20_000, ms - passed));
      browser.server.heartbeat();
    }
  };

  test('after 5 minutes without input in any tab, and back with the next key', async () => {
    const second = await browser.openTab();
    await wait(AWAY_AFTER_MS - 1_000);
    await second.tab.request('set_active', {});
    await wait(AWAY_AFTER_MS - 1_000);
    expect(reported()).toEqual([]);
    await wait(1_000);
    expect(reported()).toEqual([true]);
    await first.tab.request('set_active', {});
    await settle();
    expect(reported()).toEqual([true, false]);
  });

  test('also over a new connection', async () => {
    await wait(AWAY_AFTER_MS);
    browser.server.cut();
    await browser.clock.advance(30_000);
    expect(reported()).toEqual([true, true]);
  });
});

test('shows who removed the user also if earlier entries are missing', async () => {
  browser.server.write(room, bob, 'lost on the way', { lost: true });
  browser.server.send([room.leave(ada.userId, bob), { event: 'room_removed', data: { roomId: room.roomId } }]);
  await settle();
  expect(first.view.rooms.has(room.roomId)).toBe(false);
  expect(first.view.removals.get(room.roomId)).toBe(bob.userId);
});

test('shows who removed the user before the room is removed', async () => {
  browser.server.send([room.leave(ada.userId, bob), { event: 'room_removed', data: { roomId: room.roomId } }]);
  await settle();
  expect(first.view.removals.get(room.roomId)).toBe('bob');
  expect(first.view.rooms.has(room.roomId)).toBe(false);
});
