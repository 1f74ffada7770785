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

/** Somebody has read a room of five messages and is cut off. */
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

/** The server has its data as they were after two entries, of which one was read, and people went on from there. */
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
  { then: 'nobody went on', written: [] },
  { then: 'people went on, not as far', written: ['new 1'] },
  { then: 'people went on, as far', written: ['new 1', 'new 2', 'new 3'] },
  { then: 'people went on, further', written: ['new 1', 'new 2', 'new 3', 'new 4', 'new 5'] },
];

describe.each(FURTHER)('a server that was restored from a backup ($then)', ({ written }) => {
  test('is followed by the page that had the room open, which is loaded anew, and by what comes then', async () => {
    await restore(...written);
    expect(open.view.isReloaded).toBe(true);
    const again = await openRoom();
    expectTruth(again);
    browser.server.write(room, bob, 'live');
    await settle();
    expectTruth(again);
    for (const lines of again.view.seen) expect(new Set(lines).size).toBe(lines.length);
  });

  test('is followed in a room that no tab has open', async () => {
    await open.tab.request('close_room', { roomId: room.roomId });
    await restore(...written);
    expectTruth(await openRoom());
  });

  test('has the others read what they have read since', async () => {
    await restore(...written);
    const read = room.summary(bob.userId).readSeq;
    expect((await openRoom()).view.readers.get(room.roomId)).toEqual([`bob ${read}`]);
  });

  test('is followed by an engine that begins with what the cache had, and so is the cache', async () => {
    await browser.restartEngine();
    await restore(...written);
    expectTruth(await openRoom());
    await browser.clock.advance(2_000);
    browser.server.isUp = false;
    browser.server.cut();
    await browser.restartEngine();
    expectTruth(await openRoom());
  });

  test('is not told that one has read what came since, whatever one had read before', async () => {
    await open.tab.request('read_room', { roomId: room.roomId, seq: 5 });
    const before = browser.server.count('read_room');
    await restore(...written);
    expect(browser.server.count('read_room')).toBe(before);
  });
});

test('what is unsent when the server is restored is sent once, and drafts stay', async () => {
  const { roomId } = room;
  await open.tab.request('send_message', { roomId, messageId: 'written-meanwhile-1' as MessageId, text: 'still mine' });
  await open.tab.request('save_draft', { roomId, text: 'half a sentence', base: '' });
  await restore('new 1');
  expect(texts()).toEqual(['first 1', 'first 2', 'new 1', 'still mine']);
  const again = await openRoom();
  expectTruth(again);
  expect(again.view.drafts.get(roomId)).toBe('half a sentence');
});

test('a room that was made after the backup is gone', async () => {
  const { roomId } = room;
  browser.server.rooms.delete(roomId);
  await restore();
  expect((await browser.openTab()).view.rooms.get(roomId)).toBeUndefined();
});

test('is followed when the cache can be emptied, and until then nothing is asked or told', async () => {
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

test('a server of the release before, which says nothing of its data, leaves all as it is', async () => {
  browser.server.epoch = undefined;
  browser.server.isUp = true;
  await browser.clock.advance(60_000);
  browser.server.cut();
  browser.server.epoch = 'first';
  await browser.clock.advance(60_000);
  expect(open.view.isReloaded).toBe(false);
  expectTruth(open);
});
