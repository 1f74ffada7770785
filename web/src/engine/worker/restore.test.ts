import type { MessageId } from '@parley/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ada, bob, FakeBrowser, type OpenTab } from '../testing/fake-browser.ts';
import { settle } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';

let browser: FakeBrowser;
let room: FakeRoom;
let open: OpenTab;

const openRoom = async (): Promise<OpenTab> => {
  const opened = await browser.openTab();
  await opened.tab.request('open_room', { roomId: room.roomId });
  await settle();
  return opened;
};

/** The user has read a room of five messages and loses the connection. */
beforeEach(async () => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob);
  for (let n = 1; n <= 5; n += 1) browser.server.write(room, bob, `first ${n}`);
  open = await openRoom();
  await open.tab.request('read_room', { roomId: room.roomId, seq: 3 });
  await browser.clock.advance(2_000);
  browser.server.isUp = false;
  browser.server.cut();
  await settle();
});

/** The server has its data as they were after two entries, of which one was read, and members continued from there. */
async function restore(...texts: readonly string[]): Promise<void> {
  room.log.splice(2);
  room.read.set(ada.userId, 1);
  for (const text of texts) room.append(bob, `after-the-restore-${text}` as MessageId, text);
  browser.server.epoch = 'second';
  browser.server.isUp = true;
  await browser.clock.advance(60_000);
}

const texts = (): string[] => room.messages().map(({ text }) => text);

const expectTruth = ({ view }: OpenTab): void => {
  expect(view.lines(room.roomId)).toEqual(texts());
  expect(view.rooms.get(room.roomId)).toEqual(room.summary(ada.userId));
};

const FURTHER = [
  { then: 'no member wrote after it', written: [] },
  { then: 'members wrote fewer messages after it', written: ['new 1'] },
  { then: 'members wrote as many messages after it', written: ['new 1', 'new 2', 'new 3'] },
  { then: 'members wrote more messages after it', written: ['new 1', 'new 2', 'new 3', 'new 4', 'new 5'] },
];

describe.each(FURTHER)('a server that was restored from a backup ($then)', ({ written }) => {
  test('reloads the page that had the room open, which then shows new messages', async () => {
    await restore(...written);
    expect(open.view.isReloaded).toBe(true);
    const again = await openRoom();
    expectTruth(again);
    browser.server.write(room, bob, 'live');
    await settle();
    expectTruth(again);
    for (const lines of again.view.seen) expect(new Set(lines).size).toBe(lines.length);
  });

  test('updates a room that no tab has open', async () => {
    await open.tab.request('close_room', { roomId: room.roomId });
    await restore(...written);
    expectTruth(await openRoom());
  });

  test('shows the read positions of other members since the restore', async () => {
    await restore(...written);
    const read = room.summary(bob.userId).readSeq;
    expect((await openRoom()).view.readers.get(room.roomId)).toEqual([`bob ${read}`]);
  });

  test('replaces what an engine loaded from the cache, and the cache', async () => {
    await browser.restartEngine();
    await restore(...written);
    expectTruth(await openRoom());
    await browser.clock.advance(2_000);
    browser.server.isUp = false;
    browser.server.cut();
    await browser.restartEngine();
    expectTruth(await openRoom());
  });

  test('receives no read position for messages since the restore', async () => {
    await open.tab.request('read_room', { roomId: room.roomId, seq: 5 });
    const before = browser.server.count('read_room');
    await restore(...written);
    expect(browser.server.count('read_room')).toBe(before);
  });
});

test('sends unsent messages once after a restore, and keeps drafts', async () => {
  const { roomId } = room;
  await open.tab.request('send_message', { roomId, messageId: 'written-meanwhile-1' as MessageId, text: 'still mine' });
  await open.tab.request('save_draft', { roomId, text: 'half a sentence', base: '' });
  await restore('new 1');
  expect(texts()).toEqual(['first 1', 'first 2', 'new 1', 'still mine']);
  const again = await openRoom();
  expectTruth(again);
  expect(again.view.drafts.get(roomId)).toBe('half a sentence');
});

test('removes a room that was created after the backup', async () => {
  const { roomId } = room;
  browser.server.rooms.delete(roomId);
  await restore();
  expect((await browser.openTab()).view.rooms.get(roomId)).toBeUndefined();
});

test('waits with the restart until the cache can be emptied', async () => {
  browser.disk.isStuck = true;
  await restore('new 1');
  const connections = browser.server.count('create_connection');
  expect(connections).toBeLessThan(10);
  expect(open.view.isReloaded).toBe(false);
  browser.disk.isStuck = false;
  await browser.clock.advance(120_000);
  expect(open.view.isReloaded).toBe(true);
  expectTruth(await openRoom());
});

test('keeps everything with a server of a release that sends no epoch', async () => {
  browser.server.epoch = undefined;
  browser.server.isUp = true;
  await browser.clock.advance(60_000);
  browser.server.cut();
  browser.server.epoch = 'first';
  await browser.clock.advance(60_000);
  expect(open.view.isReloaded).toBe(false);
  expectTruth(open);
});
