import { beforeEach, describe, expect, test } from 'vitest';
import { ada, bob, FakeBrowser, type OpenTab } from '../testing/fake-browser.ts';
import { settle } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';

/** Data of entries that a later release may write. */
const ODD_DATA: readonly unknown[] = [
  null,
  'text',
  7,
  [],
  { user: null },
  { user: 'bob', message: { seq: -1 }, userId: 12 },
  { messageId: {}, reactions: 'none' },
];

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

/** Nothing is shown or counted for unknown entries, and the summary has the server's head. */
function expectCurrent({ view }: OpenTab): void {
  expect(view.lines(room.roomId)).toEqual(room.messages().map(({ text }) => text));
  expect(view.rooms.get(room.roomId)).toEqual(room.summary(ada.userId));
}

describe('an entry of the room log that this build does not know', () => {
  test.each(ODD_DATA)('with the data %j is skipped in live delivery, and what follows is applied', async (data) => {
    const before = first.view.patches.filter(({ kind }) => kind === 'timeline').length;
    browser.server.send([room.appendUnknown(data)]);
    await settle();
    expect(first.view.patches.filter(({ kind }) => kind === 'timeline')).toHaveLength(before);
    browser.server.write(room, bob, 'after');
    await settle();
    expectCurrent(first);
    await browser.clock.advance(10_000);
    expect(browser.server.count('get_events')).toBe(0);
  });

  test.each(ODD_DATA)('with the data %j is skipped when a gap is repaired', async (data) => {
    browser.server.write(room, bob, 'lost', { lost: true });
    room.appendUnknown(data);
    browser.server.write(room, bob, 'after');
    await browser.clock.advance(10_000);
    expect(browser.server.count('get_events')).toBe(1);
    expectCurrent(first);
  });

  test('closes a gap that it arrives behind', async () => {
    const lost = browser.server.write(room, bob, 'lost', { lost: true });
    browser.server.send([room.appendUnknown({ odd: true })]);
    browser.server.send([lost]);
    await settle();
    expectCurrent(first);
  });

  test('neither hides nor adds a message in a page of history', async () => {
    for (let n = 1; n <= 60; n += 1) {
      room.appendUnknown(null);
      browser.server.write(room, bob, `message ${n}`);
    }
    browser.server.cut();
    await browser.restartEngine();
    const later = await browser.openTab();
    await later.tab.request('open_room', { roomId: room.roomId });
    await browser.clock.advance(30_000);
    await later.tab.request('load_older', { roomId: room.roomId });
    await settle();
    expectCurrent(later);
  });

  test('at the end of a cached log is not shown by the next engine, which continues behind it', async () => {
    browser.server.send([room.appendUnknown({ text: 'odd' })]);
    await browser.clock.advance(1_000);
    browser.server.isUp = false;
    await browser.restartEngine();
    const later = await browser.openTab();
    await later.tab.request('open_room', { roomId: room.roomId });
    expect(later.view.lines(room.roomId)).toEqual(['zero']);
    expect(later.view.rooms.get(room.roomId)).toMatchObject({ head: 2, count: 1 });
    browser.server.write(room, bob, 'after');
    browser.server.isUp = true;
    await browser.clock.advance(30_000);
    expectCurrent(later);
  });

  test('at the end of a log does not leave a room unread that was read', async () => {
    browser.server.send([room.appendUnknown(null)]);
    await settle();
    await first.tab.request('read_room', { roomId: room.roomId, seq: 1 });
    await browser.clock.advance(1_000);
    expect(first.view.rooms.get(room.roomId)).toMatchObject({ count: 1, readCount: 1, mentionCount: 0 });
  });

  test('causes no notice while no tab is visible', async () => {
    first.tab.close();
    browser.server.send([room.appendUnknown({ message: { userId: 'eve' } })]);
    await settle();
    expect(first.view.patches.filter(({ kind }) => kind === 'notice')).toEqual([]);
  });
});
