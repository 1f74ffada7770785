import type { Message, MessageId, RoomSummary } from '@parley/protocol';
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
  for (const text of ['one', 'two', 'three']) browser.server.write(room, bob, text);
  first = await browser.openTab();
  await first.tab.request('open_room', { roomId: room.roomId });
  await settle();
});

const read = async (seq: number): Promise<void> => {
  await first.tab.request('read_room', { roomId: room.roomId, seq });
  await settle();
};
const unread = ({ view }: OpenTab = first): number => {
  const { count = 0, readCount = 0 } = view.rooms.get(room.roomId) ?? {};
  return count - readCount;
};
const sent = (): number[] =>
  browser.server.received.flatMap(({ action, data }) => (action === 'read_room' ? [data.seq] : []));
const summary = (): RoomSummary | undefined => first.view.rooms.get(room.roomId);
const mention = (text: string): Message => {
  const messageId = `mention-${text}`.padEnd(20, '-') as MessageId;
  const event = room.append(bob, messageId, text, [], { mentions: [ada.userId] });
  browser.server.send([event]);
  return event.data.message;
};

describe('a read position', () => {
  test('applies at once in every tab, and is sent to the server once', async () => {
    const second = await browser.openTab();
    await read(1);
    await read(2);
    expect([unread(), unread(second)]).toEqual([1, 1]);
    await browser.clock.advance(1_000);
    expect(sent()).toEqual([2]);
    expect(summary()).toEqual(room.summary(ada.userId));
  });

  test('never moves back', async () => {
    await read(3);
    await read(1);
    await browser.clock.advance(1_000);
    browser.server.send([
      { event: 'room_read', data: { roomId: room.roomId, userId: ada.userId, seq: 2, readCount: 2, mentionCount: 0 } },
    ]);
    await settle();
    expect([sent(), unread()]).toEqual([[3], 0]);
  });

  test('is kept during an outage, and sent with the next connection', async () => {
    browser.server.isUp = false;
    browser.server.cut();
    await read(2);
    await browser.clock.advance(5_000);
    await read(3);
    expect([unread(), sent()]).toEqual([0, []]);
    browser.server.isUp = true;
    await browser.clock.advance(60_000);
    expect(sent()).toContain(3);
    expect(summary()).toEqual(room.summary(ada.userId));
  });

  test('is sent by the next engine if this one ended first', async () => {
    browser.server.isUp = false;
    browser.server.cut();
    await read(3);
    await browser.clock.advance(1_000);
    await browser.restartEngine();
    browser.server.isUp = true;
    await browser.clock.advance(60_000);
    expect(sent()).toEqual([3]);
    expect(unread()).toBe(0);
  });

  test('is not repeated if the server refuses it', async () => {
    browser.server.fate = ({ action }) => (action === 'read_room' ? { code: 'unknown_action' } : 'answer');
    await read(3);
    await browser.clock.advance(40_000);
    expect(sent()).toEqual([3]);
  });
});

test('follows another device of the user', async () => {
  room.read.set(ada.userId, 2);
  const { readCount, mentionCount = 0 } = room.summary(ada.userId);
  browser.server.send([
    { event: 'room_read', data: { roomId: room.roomId, userId: ada.userId, seq: 2, readCount, mentionCount } },
  ]);
  await settle();
  expect(summary()).toEqual(room.summary(ada.userId));
});

test('counts mentions of the user until they are read', async () => {
  mention('a');
  mention('b');
  browser.server.write(room, bob, 'no mention');
  await settle();
  expect([unread(), summary()?.mentionCount]).toEqual([6, 2]);
  await read(4);
  expect([unread(), summary()?.mentionCount]).toEqual([2, 1]);
  await browser.clock.advance(1_000);
  expect(summary()).toEqual(room.summary(ada.userId));
});

describe('receipts', () => {
  test('show the read positions of other members, at first and as they change', async () => {
    expect(first.view.readers.get(room.roomId)).toEqual(['bob 3']);
    browser.server.write(room, ada, 'four');
    browser.server.send([{ event: 'room_read', data: { roomId: room.roomId, userId: bob.userId, seq: 4 } }]);
    await browser.clock.advance(1_000);
    expect(first.view.readers.get(room.roomId)).toEqual(['bob 4']);
  });

  test('never move back', async () => {
    browser.server.send([{ event: 'room_read', data: { roomId: room.roomId, userId: bob.userId, seq: 1 } }]);
    await browser.clock.advance(1_000);
    expect(first.view.readers.get(room.roomId)).toEqual(['bob 3']);
  });

  test('missed during an outage are loaded with the next connection', async () => {
    browser.server.write(room, ada, 'four', { lost: true });
    room.read.set(bob.userId, 4);
    browser.server.cut();
    await browser.clock.advance(60_000);
    expect(first.view.readers.get(room.roomId)).toEqual(['bob 4']);
  });
});

test('are loaded for a room that a tab opened before its summary arrived', async () => {
  const cold = new FakeBrowser();
  const { roomId } = cold.server.addRoom('engines', bob);
  cold.server.isUp = false;
  const { tab, view } = await cold.openTab();
  await tab.request('open_room', { roomId });
  cold.server.isUp = true;
  await cold.clock.advance(60_000);
  expect(view.readers.get(roomId)).toEqual(['bob 0']);
});

describe('a mention that is still unread', () => {
  const mentions = (): number | undefined => summary()?.mentionCount;

  test('is no longer counted if its message is deleted or edited', async () => {
    await read(3);
    await browser.clock.advance(1_000);
    const [gone, changed] = [mention('four'), mention('five')];
    mention('six');
    await settle();
    expect(mentions()).toBe(3);
    browser.server.send([room.delete(gone)]);
    await browser.clock.advance(1_000);
    expect(mentions()).toBe(2);
    browser.server.send([room.edit({ ...changed, mentions: [] }, bob, 'nobody')]);
    await browser.clock.advance(1_000);
    expect([mentions(), summary()?.readSeq]).toEqual([1, 3]);
  });

  test('causes no request if it was read already', async () => {
    const seen = mention('four');
    await settle();
    await read(4);
    await browser.clock.advance(1_000);
    mention('five');
    const before = sent().length;
    browser.server.send([room.delete(seen)]);
    await browser.clock.advance(1_000);
    expect(sent()).toHaveLength(before);
  });
});
