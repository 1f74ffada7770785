import { beforeEach, describe, expect, test } from 'vitest';
import type { MessageId, RoomId } from '@parley/protocol';
import { ada, bob, FakeBrowser } from '../testing/fake-browser.ts';
import { settle } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';

let browser: FakeBrowser;
let room: FakeRoom;

beforeEach(() => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob);
});

const send = (text: string) => ({ roomId: room.roomId, messageId: `message-of-${text}-0000` as MessageId, text });

describe('tabs', () => {
  test('share one socket and show the same', async () => {
    const tabs = [await browser.openTab(), await browser.openTab(), await browser.openTab()];
    for (const { tab } of tabs) await tab.request('open_room', { roomId: room.roomId });
    for (const [index, { tab }] of tabs.entries()) await tab.request('send_message', send(`tab${index}`));
    await settle();
    expect([browser.server.sockets, browser.server.opened]).toEqual([1, 1]);
    for (const { view } of tabs) {
      expect(view.lines(room.roomId)).toEqual(['tab0', 'tab1', 'tab2']);
      expect(view.rooms.get(room.roomId)?.count).toBe(3);
    }
  });

  test('receive the timelines of their open rooms only', async () => {
    const [one, other] = [await browser.openTab(), await browser.openTab()];
    await one.tab.request('open_room', { roomId: room.roomId });
    browser.server.write(room, bob, 'hello');
    await settle();
    expect([one.view.lines(room.roomId), other.view.lines(room.roomId)]).toEqual([['hello'], []]);
    await one.tab.request('close_room', { roomId: room.roomId });
    browser.server.write(room, bob, 'again');
    await settle();
    expect(one.view.lines(room.roomId)).toEqual(['hello']);
  });

  test('receive drafts of other tabs, not their own', async () => {
    const [one, other] = [await browser.openTab(), await browser.openTab()];
    await one.tab.request('save_draft', { roomId: room.roomId, text: 'hel' });
    await settle();
    expect(other.view.patches).toContainEqual({
      kind: 'draft',
      roomId: room.roomId,
      text: 'hel',
      origin: one.tabId,
    });
    expect(one.view.patches.some(({ kind }) => kind === 'draft')).toBe(false);
    expect((await browser.openTab()).view.drafts.get(room.roomId)).toBe('hel');
  });

  test('that open later receive everything at once', async () => {
    const one = await browser.openTab();
    browser.server.fate = ({ action }) => (action === 'create_message' ? 'silence' : 'answer');
    await one.tab.request('send_message', send('hello'));
    const later = await browser.openTab();
    expect(later.view.snapshots).toMatchObject([
      {
        user: ada,
        connection: { status: 'online' },
        storage: 'durable',
        roomsLoaded: true,
        rooms: [{ roomId: room.roomId }],
        unsent: [{ text: 'hello', status: 'inFlight' }],
      },
    ]);
  });

  test("of another user must reload, and the engine's own continue", async () => {
    const one = await browser.openTab();
    const stranger = await browser.openTab({ ...ada, userId: bob.userId }, undefined, ada);
    expect(stranger.view.patches).toEqual([{ kind: 'reload' }]);
    expect([stranger.view.snapshots.length, one.view.connection.status]).toEqual([0, 'online']);
  });
});

describe('the end of a tab', () => {
  test.each(['closed', 'crashed'])('closes the connection within 2 s after the last one %s', async (how) => {
    const [one, other] = [await browser.openTab(), await browser.openTab()];
    one.tab.close();
    await browser.clock.advance(2_000);
    expect(browser.server.sockets).toBe(1);
    if (how === 'closed') other.tab.close();
    else await browser.crashTab(other);
    await browser.clock.advance(2_000);
    expect(browser.server.sockets).toBe(0);
    await browser.clock.advance(60_000);
    expect(browser.server.opened).toBe(1);
  });

  test('a reload of the only tab keeps the connection', async () => {
    await browser.crashTab(await browser.openTab());
    await browser.clock.advance(500);
    await browser.openTab();
    await browser.clock.advance(5_000);
    expect([browser.server.sockets, browser.server.opened]).toEqual([1, 1]);
  });

  test('is followed by a new connection for the next tab', async () => {
    await browser.crashTab(await browser.openTab());
    await browser.clock.advance(2_000);
    const { view } = await browser.openTab();
    expect([view.connection, browser.server.opened]).toEqual([{ status: 'online' }, 2]);
  });

  test('does not keep its unsent messages from being sent', async () => {
    const [one] = [await browser.openTab(), await browser.openTab()];
    browser.server.isUp = false;
    browser.server.cut();
    await one.tab.request('send_message', send('hello'));
    await browser.crashTab(one);
    browser.server.isUp = true;
    await browser.clock.advance(10_000);
    expect(room.messages()).toMatchObject([{ text: 'hello' }]);
  });
});

describe('a new engine under living tabs', () => {
  test('receives a hello, the open rooms and the unanswered intents', async () => {
    const { tab, view } = await browser.openTab();
    await tab.request('open_room', { roomId: room.roomId });
    const roomId = 'room-made-over-two-engines' as RoomId;
    browser.server.fate = ({ action }) => (action === 'create_room' ? 'silence' : 'answer');
    const created = tab.request('create_room', { roomId, memberIds: [] });
    await settle();

    browser.server.fate = () => 'answer';
    await browser.restartEngine();
    browser.announceEngine();
    await settle();
    expect(view.snapshots.map(({ engineId }) => engineId)).toEqual([expect.anything(), browser.engineId]);
    expect(await created).toMatchObject({ room: { roomId } });
    browser.server.write(room, bob, 'hello');
    await settle();
    expect(view.lines(room.roomId)).toEqual(['hello']);
    expect(browser.server.sockets).toBe(1);
  });

  test('that does not announce itself is detected by a ping', async () => {
    const { tab, view } = await browser.openTab();
    await browser.restartEngine();
    await tab.request('send_message', send('hello'));
    await settle();
    expect([view.snapshots.length, room.messages().length]).toEqual([2, 1]);
  });
});
