import type { MessageId } from '@parley/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ada, bob, FakeBrowser, type OpenTab } from './testing/fake-browser.ts';
import { settle } from './testing/fake-clock.ts';
import type { FakeRoom } from './testing/fake-rooms.ts';

let browser: FakeBrowser;
let room: FakeRoom;
let open: OpenTab;

/** Somebody has read a room of five messages and is cut off. */
beforeEach(async () => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob);
  for (let n = 1; n <= 5; n += 1) browser.server.write(room, bob, `first ${n}`);
  open = await browser.openTab();
  await open.tab.request('open_room', { roomId: room.roomId });
  await settle();
  await open.tab.request('read_room', { roomId: room.roomId, seq: 5 });
  await browser.clock.advance(2_000);
  browser.server.isUp = false;
  browser.server.cut();
  await settle();
});

/** The server has its data as they were after so many entries, and people go on from there. */
async function restore(kept: number, ...texts: readonly string[]): Promise<void> {
  room.log.splice(kept);
  room.read.set(ada.userId, Math.min(kept, 1));
  for (const text of texts) room.append(bob, `after-the-restore-${text}` as MessageId, text);
  browser.server.isUp = true;
  await browser.clock.advance(60_000);
}

const expectTruth = ({ view }: OpenTab): void => {
  expect(view.lines(room.roomId)).toEqual(room.messages().map(({ text }) => text));
  expect(view.rooms.get(room.roomId)).toEqual(room.summary(ada.userId));
};

describe.each([
  { then: 'nobody went on', texts: [] },
  { then: 'people went on, not as far', texts: ['new 1'] },
  { then: 'people went on, as far', texts: ['new 1', 'new 2', 'new 3'] },
  { then: 'people went on, further', texts: ['new 1', 'new 2', 'new 3', 'new 4', 'new 5'] },
])('a server that was restored from a backup ($then)', ({ texts }) => {
  test('is followed where a tab has the room open', async () => {
    await restore(2, ...texts);
    expectTruth(open);
    browser.server.write(room, bob, 'live');
    await settle();
    expectTruth(open);
    expect(open.view.rooms.get(room.roomId)).toMatchObject({ readSeq: 1, readCount: 1 });
  });

  test('is followed by an engine that begins with what the cache had', async () => {
    await browser.restartEngine();
    await restore(2, ...texts);
    const again = await browser.openTab();
    await again.tab.request('open_room', { roomId: room.roomId });
    await browser.clock.advance(60_000);
    expectTruth(again);
    await browser.restartEngine();
    browser.server.isUp = false;
    const cached = await browser.openTab();
    await cached.tab.request('open_room', { roomId: room.roomId });
    expectTruth(cached);
  });

  test('is not told that one has read what came since', async () => {
    const before = browser.server.count('read_room');
    await restore(2, ...texts);
    expect(browser.server.count('read_room')).toBe(before);
  });
});

test('what is unsent when the server is restored is sent once', async () => {
  const messageId = 'written-meanwhile-1' as MessageId;
  await open.tab.request('send_message', { roomId: room.roomId, messageId, text: 'still mine' });
  await restore(2, 'new 1');
  expect(room.messages().map(({ text }) => text)).toEqual(['first 1', 'first 2', 'new 1', 'still mine']);
  expectTruth(open);
});
