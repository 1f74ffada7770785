import type { MessageId, RoomId, UserId } from '@parley/protocol';
import { openDB } from 'idb';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { OutgoingMessage } from '../domain/outbox.ts';
import { Database } from './database.ts';
import { FakeBrowser, bob } from './testing/fake-browser.ts';
import { FakeClock } from './testing/fake-clock.ts';

const userId = 'ada' as UserId;
const roomId = 'room' as RoomId;
const message: OutgoingMessage = {
  roomId,
  messageId: 'message' as MessageId,
  text: 'hello',
  createdAt: 1,
  order: 1,
  delivery: { status: 'pending', tries: 0 },
};

const open = async (superseded = vi.fn()) => {
  const database = new Database(userId, new FakeClock(), vi.fn());
  return { database, stored: await database.open(superseded), superseded };
};

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe('the database', () => {
  test('stores a message and deletes the draft of its room together', async () => {
    const { database } = await open();
    await database.saveDraft(roomId, 'hel');
    await database.saveDraft('other' as RoomId, 'there');
    await database.storeMessage(message);
    database.close();
    const { stored } = await open();
    expect(stored.outgoing).toEqual([message]);
    expect([...stored.drafts]).toEqual([['other', 'there']]);
  });

  test('has the names and keys that the design gives', async () => {
    const { database } = await open();
    await database.saveDraft(roomId, 'hel');
    await database.storeMessage({ ...message, roomId: 'other' as RoomId });
    database.close();
    const raw = await openDB('parley-ada');
    expect([raw.version, [...raw.objectStoreNames]]).toEqual([
      3,
      ['cachedLog', 'cachedRoom', 'draftMessage', 'outgoingMessage', 'outgoingRoom'],
    ]);
    expect(await raw.getAllKeys('draftMessage')).toEqual(['ada_room']);
    expect(await raw.getAllKeys('outgoingMessage')).toEqual(['message']);
    raw.close();
  });

  test('lets go when a newer build wants to change the schema', async () => {
    const { superseded } = await open();
    const newer = await openDB('parley-ada', 1_000);
    expect(superseded).toHaveBeenCalledOnce();
    newer.close();
  });
});

/** What First light made, and what the release with images in drafts did. */
const EARLIER = [1, 2];

test.each(EARLIER)('a database of version %i is found whole', async (version) => {
  const earlier = await openDB('parley-ada', version, {
    upgrade(database) {
      database.createObjectStore('draftMessage');
      database.createObjectStore('outgoingMessage', { keyPath: 'messageId' });
    },
  });
  await earlier.put('draftMessage', { userId, roomId, text: 'hel', updatedAt: 1 }, 'ada_room');
  await earlier.put('outgoingMessage', message);
  earlier.close();
  const { database, stored } = await open();
  expect(stored).toMatchObject({ drafts: new Map([[roomId, 'hel']]), outgoing: [message], rooms: [], logs: [] });
  expect(database.storage).toBe('durable');
});

describe('a browser that refuses IndexedDB', () => {
  test('is told by the state, and chatting works', async () => {
    const browser = new FakeBrowser();
    vi.spyOn(globalThis.indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('refused', 'SecurityError');
    });
    const room = browser.server.addRoom('engines', bob);
    const { tab, view } = await browser.openTab();
    expect(view.snapshots[0]?.storage).toBe('memory');
    await tab.request('save_draft', { roomId: room.roomId, text: 'hel' });
    await tab.request('send_message', {
      roomId: room.roomId,
      messageId: 'message-in-memory' as MessageId,
      text: 'hello',
    });
    await vi.waitFor(() => expect(room.messages()).toMatchObject([{ text: 'hello' }]));
  });

  test('or whose disk is full shows when a write fails', async () => {
    const onStorage = vi.fn();
    const database = new Database(userId, new FakeClock(), onStorage);
    await database.open(vi.fn());
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await database.storeMessage(message);
    put.mockRestore();
    expect(onStorage).toHaveBeenCalledExactlyOnceWith('memory');
    expect(database.storage).toBe('memory');
  });
});
