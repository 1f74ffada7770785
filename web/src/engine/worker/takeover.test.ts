import type { MessageId } from '@parley/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { engineLock } from '../protocol/locks.ts';
import { ada, bob, FakeBrowser, type OpenTab } from '../testing/fake-browser.ts';
import { settle } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';

const [OLD, NEW] = [1, 2];

let browser: FakeBrowser;
let room: FakeRoom;
let old: OpenTab;

beforeEach(async () => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob);
  old = await browser.openTab(ada, OLD);
  await old.tab.request('open_room', { roomId: room.roomId });
  await settle();
});

const send = async ({ tab }: OpenTab, text: string): Promise<void> => {
  await tab.request('send_message', { roomId: room.roomId, messageId: `message-${text}-000000` as MessageId, text });
};
const openNew = async (): Promise<OpenTab> => {
  const opened = await browser.openTab(ada, NEW);
  await opened.tab.request('open_room', { roomId: room.roomId });
  return opened;
};

describe('a newer build', () => {
  test('takes over at once with one socket, and both tabs show the same', async () => {
    const first = browser.engineId;
    const opened = await openNew();
    expect(browser.engineId).not.toBe(first);
    expect([browser.server.sockets, browser.server.opened]).toEqual([1, 2]);
    await send(old, 'old');
    await send(opened, 'new');
    await settle();
    for (const { view } of [old, opened]) expect(view.lines(room.roomId)).toEqual(['old', 'new']);
    expect(browser.server.count('create_message')).toBe(2);
    await browser.clock.advance(10_000);
    expect(browser.server.opened).toBe(2);
  });

  test('sends a message in flight again, which is stored once', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? 'silence' : 'answer');
    await send(old, 'hello');
    await send(old, 'world');
    browser.server.fate = () => 'answer';
    const opened = await openNew();
    await settle();
    expect(room.messages().map(({ text }) => text)).toEqual(['hello', 'world']);
    for (const { view } of [old, opened]) expect(view.lines(room.roomId)).toEqual(['hello', 'world']);
  });

  test('hands the work back when it ends', async () => {
    await openNew();
    await browser.killEngine(NEW);
    await browser.clock.advance(5_000);
    await send(old, 'hello');
    expect([room.messages().length, browser.server.sockets]).toEqual([1, 1]);
  });

  test('steals the lock of an engine that does not answer for 2 s', async () => {
    await browser.killEngine(OLD);
    await browser.locks.acquire(engineLock(ada.userId));
    const opened = await browser.openTab(ada, NEW);
    await browser.clock.advance(1_999);
    expect(opened.view.snapshots).toEqual([]);
    await browser.clock.advance(1);
    expect(opened.view.connection).toEqual({ status: 'online' });
  });

  test('steals the lock of an engine that still works, which stops', async () => {
    await browser.locks.acquire(engineLock(ada.userId), { steal: true });
    await settle();
    expect(browser.server.sockets).toBe(0);
  });
});

test('relays from an older build that starts later to the newer one', async () => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob);
  await browser.killEngine(OLD);
  const opened = await openNew();
  const late = await browser.openTab(ada, OLD);
  await browser.clock.advance(10_000);
  await send(late, 'hello');
  expect(opened.view.lines(room.roomId)).toEqual(['hello']);
  expect([browser.server.sockets, browser.server.opened]).toEqual([1, 1]);
});

test('restarts a crashed engine when a tab pings it', async () => {
  await browser.killEngine(OLD);
  const sent = send(old, 'hello');
  await browser.clock.advance(3_000);
  await sent;
  expect(room.messages()).toMatchObject([{ text: 'hello' }]);
});
