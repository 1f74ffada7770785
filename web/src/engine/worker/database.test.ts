import type { MessageId, RoomId, UserId } from '@parley/protocol';
import { openDB } from 'idb';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { OutgoingMessage } from '../../domain/outbox.ts';
import { Database, NO_DRAFT, type StoredDraft } from './database.ts';
import versionOne from '../testing/database-version-1.json' with { type: 'json' };
import { FakeBrowser, bob } from '../testing/fake-browser.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { restoreDatabase } from '../testing/stored-database.ts';

const userId = 'ada' as UserId;
const roomId = 'room' as RoomId;
const message: OutgoingMessage = {
  roomId,
  messageId: 'message' as MessageId,
  text: 'hello',
  images: [],
  replyTo: null,
  mentions: [],
  createdAt: 1,
  order: 1,
  delivery: { status: 'pending', tries: 0 },
};

const text = (written: string): StoredDraft => ({ ...NO_DRAFT, text: written });

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
    await database.saveDraft(roomId, text('hel'));
    await database.saveDraft('other' as RoomId, text('there'));
    await database.storeMessage(message, NO_DRAFT);
    database.close();
    const { stored } = await open();
    expect(stored.outgoing).toEqual([message]);
    expect([...stored.drafts]).toEqual([['other', text('there')]]);
  });

  test('keeps the message that an empty draft replies to', async () => {
    const { database } = await open();
    const draft = { ...NO_DRAFT, replyTo: message.messageId };
    await database.saveDraft(roomId, draft);
    database.close();
    const { database: again, stored } = await open();
    expect([...stored.drafts]).toEqual([[roomId, draft]]);
    await again.saveDraft(roomId, NO_DRAFT);
    again.close();
    expect((await open()).stored.drafts.size).toBe(0);
  });

  test('has the specified names and keys', async () => {
    const { database } = await open();
    await database.saveDraft(roomId, text('hel'));
    await database.storeMessage({ ...message, roomId: 'other' as RoomId }, NO_DRAFT);
    database.close();
    const raw = await openDB('parley-ada');
    expect([raw.version, [...raw.objectStoreNames]]).toEqual([
      4,
      ['cachedLog', 'cachedRoom', 'draftMessage', 'messageImage', 'outgoingMessage', 'outgoingRoom'],
    ]);
    expect(await raw.getAllKeys('draftMessage')).toEqual(['ada_room']);
    expect(await raw.getAllKeys('outgoingMessage')).toEqual(['message']);
    raw.close();
  });

  test('keeps attachments in their own store, and deletes them with their message', async () => {
    const { database } = await open();
    const image = {
      imageId: 'i1',
      name: 'cat.png',
      width: 4,
      height: 3,
      blob: new Blob(['cat'], { type: 'image/png' }),
    };
    await database.addDraftAttachment(roomId, { ...NO_DRAFT, images: [image] }, image);
    await database.storeMessage({ ...message, images: [{ ...image, attachmentId: null }] }, NO_DRAFT);
    database.close();
    const { database: again, stored } = await open();
    expect(stored.drafts.size).toBe(0);
    const [kept] = stored.outgoing[0]?.images ?? [];
    expect(kept).toMatchObject({ imageId: 'i1', name: 'cat.png', attachmentId: null });
    expect(await kept?.blob.text()).toBe('cat');
    await again.deleteMessage({ ...message, images: [{ ...image, attachmentId: null }] });
    again.close();
    const raw = await openDB('parley-ada');
    expect(await raw.getAllKeys('messageImage')).toEqual([]);
    raw.close();
  });

  test('of an earlier build is read completely', async () => {
    await restoreDatabase('parley-ada', versionOne);
    const { database, stored } = await open();
    expect(database.storage).toBe('durable');
    expect([...stored.drafts]).toEqual([
      ['room-engines----', text('Does the analytical')],
      ['room-gardens----', text('Żółć 🌱')],
    ]);
    expect(stored.outgoing.map((one) => [one.text, one.order, one.delivery.status, one.images])).toEqual([
      ['first', 1, 'pending', []],
      ['second', 2, 'failed', []],
    ]);
    database.close();
  });

  test('of a build without reactions and replies is read with none', async () => {
    const { database } = await open();
    database.close();
    const raw = await openDB('parley-ada');
    const { version } = raw;
    raw.close();
    const before = new IDBFactory();
    globalThis.indexedDB = before;
    const old = await openDB('parley-ada', version - 1, {
      upgrade(made) {
        made.createObjectStore('draftMessage');
        made.createObjectStore('outgoingMessage', { keyPath: 'messageId' });
        made.createObjectStore('messageImage', { keyPath: 'imageId' });
        for (const name of ['outgoingRoom', 'cachedRoom']) made.createObjectStore(name, { keyPath: 'roomId' });
        made.createObjectStore('cachedLog', { keyPath: 'timeline.roomId' });
      },
    });
    const { replyTo: _, mentions: __, ...outgoing } = message;
    const oldMessage = { roomId, seq: 1, messageId: 'm1', userId, text: 'hello', attachments: [], createdAt: 1 };
    const entries = [
      { kind: 'message', seq: 1, message: oldMessage },
      { kind: 'left', seq: 2, userId: 'bob' },
    ];
    await old.put('outgoingMessage', outgoing);
    await old.put('cachedRoom', { roomId, lastMessage: oldMessage });
    await old.put('cachedLog', {
      timeline: { roomId, state: 'ready', head: 2, more: false, entries },
      users: [],
      usedAt: 1,
    });
    old.close();

    const { stored } = await open();
    expect(stored.outgoing).toEqual([message]);
    expect(stored.rooms.map(({ lastMessage }) => lastMessage?.reactions)).toEqual([[]]);
    expect(stored.logs[0]?.timeline.entries).toEqual([
      { kind: 'message', seq: 1, message: { ...oldMessage, reactions: [] } },
      { kind: 'left', seq: 2, userId: 'bob', removedBy: null },
    ]);
  });

  test('is closed when a newer build upgrades the schema', async () => {
    const { superseded } = await open();
    const newer = await openDB('parley-ada', 1_000);
    expect(superseded).toHaveBeenCalledOnce();
    newer.close();
  });
});

describe('a browser that refuses IndexedDB', () => {
  test('is shown in the storage status, and sending works', async () => {
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

  test('or whose database a newer build has upgraded shows that, and can send', async () => {
    const newer = await openDB('parley-ada', 1_000);
    newer.close();
    const onStorage = vi.fn();
    const database = new Database(userId, new FakeClock(), onStorage);
    expect(await database.open(vi.fn())).toMatchObject({ outgoing: [] });
    await database.storeMessage(message, NO_DRAFT);
    expect(onStorage).toHaveBeenCalledExactlyOnceWith('outdated');
    expect(database.storage).toBe('outdated');
  });

  test('or whose disk is full deletes what was sent meanwhile, and keeps the rest', async () => {
    const { database } = await open();
    await database.storeMessage(message, NO_DRAFT);
    await database.storeMessage({ ...message, messageId: 'other' as MessageId }, NO_DRAFT);
    await database.saveDraft(roomId, text('kept'));
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await database.storeMessage({ ...message, messageId: 'in memory' as MessageId, text: 'kept' }, NO_DRAFT);
    put.mockRestore();
    await database.deleteMessage(message);
    database.close();
    const { stored } = await open();
    expect(stored.outgoing.map(({ messageId }) => messageId)).toEqual(['other']);
    expect([...stored.drafts]).toEqual([[roomId, text('kept')]]);
  });

  test('or whose disk is full shows when a write fails', async () => {
    const onStorage = vi.fn();
    const database = new Database(userId, new FakeClock(), onStorage);
    await database.open(vi.fn());
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await database.storeMessage(message, NO_DRAFT);
    put.mockRestore();
    expect(onStorage).toHaveBeenCalledExactlyOnceWith('memory');
    expect(database.storage).toBe('memory');
  });
});
