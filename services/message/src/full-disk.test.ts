import type { AppendResult } from '@parley/contracts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SearchIndexer } from './search/search-indexer.ts';
import { newMessageId, newRoomId, newUser } from './testing/room-records.ts';
import { openReplica } from './testing/replica.ts';
import { openSqliteStore } from './testing/stores.ts';

/** A room in a database whose size a test can limit, as a full disk would. */
async function openRoom() {
  const store = await openSqliteStore();
  const { api, indexer } = openReplica(store);
  onTestFinished(async () => {
    await indexer.beforeApplicationShutdown();
    await store.close();
  });
  const [roomId, ada] = [newRoomId(), newUser('Ada')];
  await store.rooms.addUsers(ada);
  await store.rooms.addMembers(roomId, ada);
  return {
    ...{ store, api, indexer, roomId, ada },
    /** Limits the file to this many more pages. A write, because the limit belongs to the writing connection. */
    async leavePages(pages: number): Promise<void> {
      const [size] = await store.database.read<{ page_count: number }>('PRAGMA page_count');
      await store.database.write([{ sql: `PRAGMA max_page_count = ${(size?.page_count ?? 0) + pages}` }]);
    },
    /** Messages that share no word. */
    messages: (count: number) =>
      Array.from({ length: count }, (_message, n) => ({
        ...{ userId: ada.userId, messageId: newMessageId(), attachmentIds: [] },
        text: Array.from({ length: 600 }, (_word, place) => `word${n}x${place}`).join(' '),
      })),
    checkIntegrity: () => store.database.read('PRAGMA integrity_check'),
  };
}

const WHOLE = [{ integrity_check: 'ok' }];
const full = { code: 'unavailable', retryAfterMs: 10_000, message: expect.stringContaining('is full') };

describe('with a full disk', () => {
  test('messages are unavailable with the reason, acknowledged ones stay, and the rest is stored later', async () => {
    const { store, api, roomId, ada, ...room } = await openRoom();
    await room.leavePages(60);
    const messages = room.messages(60);

    const outcomes: (AppendResult | undefined)[] = [];
    for (const message of messages) {
      const { results } = await api.appendMessages({ batches: [{ roomId, messages: [message] }] });
      outcomes.push(results[0]?.[0]);
    }
    const stored = messages.filter((_, n) => outcomes[n] && 'message' in outcomes[n]);
    const refused = messages.filter((message) => !stored.includes(message));
    expect(stored.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const outcome of outcomes.filter((one) => one && 'error' in one))
      expect(outcome).toMatchObject({ error: full });
    const page = await api.getEvents({ userId: ada.userId, roomId, after: 0, limit: 200 });
    expect(page.head).toBe(stored.length);
    expect(await room.checkIntegrity()).toEqual(WHOLE);

    await room.leavePages(10_000);
    const { results } = await api.appendMessages({ batches: [{ roomId, messages: refused }] });
    expect(results[0]?.every((result) => 'message' in result)).toBe(true);
  });

  test('the search index catches up once there is space', async () => {
    const { store, api, indexer, roomId, ada, ...room } = await openRoom();
    // Not by itself: only when the disk is full.
    await indexer.beforeApplicationShutdown();
    await api.appendMessages({ batches: [{ roomId, messages: room.messages(20) }] });
    await room.leavePages(0);

    const warned = Promise.withResolvers<unknown>();
    const late = new SearchIndexer(store.log, store.search, { warn: warned.resolve });
    onTestFinished(() => late.beforeApplicationShutdown());
    late.onApplicationBootstrap();
    expect(await warned.promise).toMatchObject({ err: full });
    const find = async (query: string) => {
      const { messages } = await api.searchMessages({ userId: ada.userId, query, limit: 50 });
      return messages.map(({ seq }) => seq);
    };
    expect(await find('word19x599')).toEqual([]);
    expect(await room.checkIntegrity()).toEqual(WHOLE);

    await room.leavePages(10_000);
    await late.sweep();
    expect(await find('word19x599')).toEqual([20]);
    expect(await find('word0x0')).toEqual([1]);
    expect(await room.checkIntegrity()).toEqual(WHOLE);
  });
});
