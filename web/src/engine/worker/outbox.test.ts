import type { MessageId, RoomId } from '@parley/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ada, bob, FakeBrowser, type OpenTab } from '../testing/fake-browser.ts';
import { settle, turns } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';

let browser: FakeBrowser;
let room: FakeRoom;
let first: OpenTab;

beforeEach(async () => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob);
  first = await browser.openTab();
  await first.tab.request('open_room', { roomId: room.roomId });
  await settle();
});

let messages = 0;
const send = async (
  text: string,
  { roomId } = room,
  { tab, replyTo }: { tab: OpenTab['tab']; replyTo?: MessageId } = first,
): Promise<MessageId> => {
  const messageId = `message-${String(++messages).padStart(10, '0')}` as MessageId;
  await tab.request('send_message', { roomId, messageId, text, ...(replyTo && { replyTo }) });
  return messageId;
};
const lines = (): string[] => first.view.lines(room.roomId);
const texts = (): string[] => room.messages().map(({ text }) => text);
const sendings = (): string[] =>
  browser.server.received.flatMap(({ action, data }) => (action === 'create_message' ? [data.text] : []));

describe('a message', () => {
  test('is shown once it is stored, and is in the log once the server has it', async () => {
    await send('hello');
    expect(first.view.seen).toContainEqual(['hello (inFlight)']);
    await settle();
    expect(lines()).toEqual(['hello']);
    expect(texts()).toEqual(['hello']);
    expect(first.view.rooms.get(room.roomId)).toMatchObject({ count: 1, readSeq: 1, readCount: 1 });
  });

  test('is never shown twice and never disappears', async () => {
    await send('hello');
    await settle();
    const shown = first.view.seen.slice(first.view.seen.findIndex((state) => state.length > 0));
    for (const state of shown) expect(state).toHaveLength(1);
  });

  test('is sent again under its messageId when a cut lost the answer, and is stored once', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? 'cut_after' : 'answer');
    await send('hello');
    await settle();
    expect(lines()).toEqual(['hello (pending)']);

    browser.server.fate = () => 'answer';
    await browser.clock.advance(5_000);
    expect([lines(), texts(), sendings()]).toEqual([['hello'], ['hello'], ['hello', 'hello']]);
  });

  test('written without a connection is sent once there is one, in the order of writing', async () => {
    browser.server.isUp = false;
    browser.server.cut();
    for (const text of ['one', 'two', 'three']) await send(text);
    expect(lines()).toEqual(['one (pending)', 'two (pending)', 'three (pending)']);

    browser.server.isUp = true;
    await browser.clock.advance(30_000);
    expect([lines(), texts()]).toEqual([
      ['one', 'two', 'three'],
      ['one', 'two', 'three'],
    ]);
  });

  test('survives the engine: a new one sends what is stored, also in rooms that no tab has open', async () => {
    const other = browser.server.addRoom('gardens', bob);
    browser.server.isUp = false;
    browser.server.cut();
    await send('hello');
    await send('flowers', other);
    browser.server.isUp = true;
    await browser.restartEngine();
    const later = await browser.openTab();
    await settle();
    expect([texts(), other.messages().map(({ text }) => text)]).toEqual([['hello'], ['flowers']]);
    expect(later.view.unsent.size).toBe(0);
  });

  test('is stored once when a tab repeats its intent', async () => {
    const intent = { roomId: room.roomId, messageId: 'message-said-twice' as MessageId, text: 'hello' };
    await Promise.all([first.tab.request('send_message', intent), first.tab.request('send_message', intent)]);
    await settle();
    await first.tab.request('send_message', intent);
    await settle();
    expect([texts(), lines()]).toEqual([['hello'], ['hello']]);
  });

  test('waits for the previous one of its room', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? 'silence' : 'answer');
    await send('one');
    await send('two');
    await settle();
    expect(sendings()).toEqual(['one']);
    expect(lines()).toEqual(['one (inFlight)', 'two (pending)']);
  });

  test('clears its draft in every tab', async () => {
    const other = await browser.openTab();
    await first.tab.request('save_draft', { roomId: room.roomId, text: 'hel' });
    await settle();
    expect(other.view.drafts.get(room.roomId)).toBe('hel');
    await send('hello');
    await settle();
    expect(other.view.drafts.get(room.roomId)).toBe('');
    expect((await browser.openTab()).view.drafts.size).toBe(0);
  });
});

describe('the message that a draft replies to', () => {
  const target = 'what-was-said---' as MessageId;
  const answer = ({ tab }: OpenTab, text: string) => send(text, room, { tab, replyTo: target });

  test('is shown in every tab, survives the engine, and is sent with the message', async () => {
    const other = await browser.openTab();
    await first.tab.request('set_draft_reply', { roomId: room.roomId, replyTo: target });
    await first.tab.request('save_draft', { roomId: room.roomId, text: 'yes' });
    await settle();
    expect(other.view.draftReplies.get(room.roomId)).toBe(target);
    await browser.restartEngine();
    const later = await browser.openTab();
    expect(later.view.draftReplies.get(room.roomId)).toBe(target);
    await answer(later, 'yes');
    await settle();
    expect([later.view.draftReplies.size, (await browser.openTab()).view.draftReplies.size]).toEqual([0, 0]);
  });

  test('stays if another one was chosen while the message was being stored', async () => {
    await first.tab.request('set_draft_reply', { roomId: room.roomId, replyTo: target });
    const next = 'what-came-next--' as MessageId;
    const sent = answer(first, 'yes');
    await first.tab.request('set_draft_reply', { roomId: room.roomId, replyTo: next });
    await sent;
    expect(first.view.draftReplies.get(room.roomId)).toBe(next);
    await first.tab.request('set_draft_reply', { roomId: room.roomId, replyTo: null });
    expect(first.view.draftReplies.size).toBe(0);
  });

  test('comes back with a failed message', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? { code: 'conflict' } : 'answer');
    const messageId = await answer(first, 'yes');
    await settle();
    await first.tab.request('return_to_draft', { messageId });
    expect(first.view.draftReplies.get(room.roomId)).toBe(target);
  });
});

describe('a busy server', () => {
  test('that answers rate_limited makes the room wait for retryAfterMs, and never fails a message', async () => {
    let refusals = 0;
    browser.server.fate = ({ action }) =>
      action === 'create_message' && ++refusals <= 5 ? { code: 'rate_limited', retryAfterMs: 2_000 } : 'answer';
    await send('one');
    await send('two');
    await browser.clock.advance(1_999);
    expect(sendings()).toEqual(['one']);
    await browser.clock.advance(1);
    expect(sendings()).toEqual(['one', 'one']);
    await browser.clock.advance(8_000);
    expect(texts()).toEqual(['one', 'two']);
  });

  test('that answers unavailable makes the room back off, and never fails a message', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? { code: 'unavailable' } : 'answer');
    await send('hello');
    await browser.clock.advance(10 * 60_000);
    expect(lines()).toEqual(['hello (pending)']);
    expect(sendings().length).toBeGreaterThan(20);
    expect(sendings().length).toBeLessThan(60);
  });
});

describe('a failed message', () => {
  test('fails after three internal errors and holds back later ones of its room, not of others', async () => {
    const other = browser.server.addRoom('gardens', bob);
    browser.server.fate = (command) =>
      command.action === 'create_message' && command.data.text === 'bad' ? { code: 'internal' } : 'answer';
    await send('bad');
    await send('good');
    await send('flowers', other);
    await browser.clock.advance(30_000);
    expect(sendings().filter((text) => text === 'bad')).toHaveLength(3);
    expect(lines()).toEqual(['bad (failed)', 'good (pending)']);
    expect(other.messages()).toHaveLength(1);
  });

  test('fails after ten seconds without an answer on a live socket, three times', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? 'silence' : 'answer');
    await send('hello');
    for (let second = 0; second < 40; second += 1) {
      browser.server.heartbeat();
      await browser.clock.advance(1_000);
    }
    expect([sendings().length, lines()]).toEqual([3, ['hello (failed)']]);
  });

  test('does not fail while the socket receives nothing', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? 'silence' : 'answer');
    await send('hello');
    await browser.clock.advance(49_000);
    expect([sendings().length, lines()]).toEqual([1, ['hello (inFlight)']]);
    browser.server.fate = () => 'answer';
    await browser.clock.advance(6_000);
    expect(lines()).toEqual(['hello']);
  });

  test('fails at once with its error if that is not retryable', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? { code: 'too_large' } : 'answer');
    const messageId = await send('hello');
    await settle();
    expect(sendings()).toHaveLength(1);
    expect(first.view.unsent.get(messageId)).toMatchObject({ status: 'failed', error: { code: 'too_large' } });
  });

  test('is sent again on request, then the later ones', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? { code: 'conflict' } : 'answer');
    const messageId = await send('one');
    await send('two');
    browser.server.fate = () => 'answer';
    await first.tab.request('retry_message', { messageId });
    await settle();
    expect([texts(), lines()]).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
  });

  test('is deleted on request, and the later ones are sent', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? { code: 'conflict' } : 'answer');
    const messageId = await send('one');
    await send('two');
    browser.server.fate = () => 'answer';
    await first.tab.request('delete_message', { messageId });
    await settle();
    expect([texts(), lines()]).toEqual([['two'], ['two']]);
  });

  test('returns to the draft, before its text', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? { code: 'conflict' } : 'answer');
    const messageId = await send('one');
    await first.tab.request('save_draft', { roomId: room.roomId, text: 'two' });
    await first.tab.request('return_to_draft', { messageId });
    expect([lines(), first.view.drafts.get(room.roomId)]).toEqual([[], 'one\ntwo']);
    await browser.restartEngine();
    const later = await browser.openTab();
    expect([later.view.unsent.size, later.view.drafts.get(room.roomId)]).toEqual([0, 'one\ntwo']);
  });

  test('returns to a draft that is being typed, also on the disk', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? { code: 'conflict' } : 'answer');
    const messageId = await send('one');
    const returned = first.tab.request('return_to_draft', { messageId });
    await first.tab.request('save_draft', { roomId: room.roomId, base: '', text: 'two' });
    await returned;
    await browser.restartEngine();
    const later = await browser.openTab();
    expect(later.view.drafts.get(room.roomId)).toBe('one\ntwo');
  });

  test('stays failed after a restart of the engine', async () => {
    browser.server.fate = ({ action }) => (action === 'create_message' ? { code: 'conflict' } : 'answer');
    await send('one');
    await settle();
    await browser.restartEngine();
    const later = await browser.openTab();
    expect([...later.view.unsent.values()]).toMatchObject([{ text: 'one', status: 'failed' }]);
    expect(sendings()).toEqual(['one']);
  });
});

test('requests a room again if a live server does not answer', async () => {
  const roomId = 'room-of-silence-' as RoomId;
  browser.server.fate = ({ action }) =>
    action === 'create_room' && browser.server.count('create_room') === 1 ? 'silence' : 'answer';
  const created = first.tab.request('create_room', { roomId, memberIds: [] });
  await browser.clock.advance(5_000);
  browser.server.heartbeat();
  await browser.clock.advance(4_000);
  expect(browser.server.count('create_room')).toBe(1);
  await browser.clock.advance(2_000);
  expect(await created).toMatchObject({ room: { roomId } });
  expect(browser.server.count('create_room')).toBe(2);
});

test('refuses to delete a message in flight', async () => {
  browser.server.fate = ({ action }) => (action === 'create_message' ? 'silence' : 'answer');
  const messageId = await send('hello');
  await settle();
  await expect(first.tab.request('delete_message', { messageId })).rejects.toMatchObject({
    error: { code: 'conflict' },
  });
});

test("takes a message's log entry as its acknowledgement if the answer is lost", async () => {
  browser.server.fate = (command) => {
    if (command.action !== 'create_message') return 'answer';
    browser.server.send([room.append(ada, command.data.messageId, command.data.text)]);
    return 'silence';
  };
  await send('hello');
  await settle();
  expect([lines(), first.view.unsent.size]).toEqual([['hello'], 0]);
  // Nor does the next one wait for it.
  await send('and on');
  await settle();
  expect([lines(), texts(), first.view.unsent.size]).toEqual([['hello', 'and on'], ['hello', 'and on'], 0]);
  await browser.restartEngine();
  expect((await browser.openTab()).view.unsent.size).toBe(0);
});

test.each(Array.from({ length: 12 }, (_, count) => count))(
  'messages keep their order when the disk fills up, the second written %i turns after the first',
  async (count) => {
    browser.disk.isFull = true;
    const saved = first.tab.request('save_draft', { roomId: room.roomId, base: '', text: 'a draft' });
    await turns(2);
    const one = send('one');
    await turns(count);
    await Promise.all([saved, one, send('two')]);
    await settle();
    expect([texts(), lines()]).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
  },
);
