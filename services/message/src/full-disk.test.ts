import type { AppendResult } from '@parley/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { newMessageId, newRoomId, newUser } from './testing/people.ts';
import { openReplica } from './testing/replica.ts';
import { openSqliteStore } from './testing/stores.ts';

test('with a full disk messages are unavailable, with the reason; what was acknowledged stays, and the rest goes in later', async () => {
  const store = await openSqliteStore();
  onTestFinished(() => store.close());
  const { api } = openReplica(store);
  const [roomId, ada] = [newRoomId(), newUser('Ada')];
  await store.people.addUsers(ada);
  await store.people.addMembers(roomId, ada);
  await store.database.read('PRAGMA max_page_count = 60');
  const messages = Array.from({ length: 60 }, (_, n) => ({
    ...{ userId: ada.userId, messageId: newMessageId(), attachmentIds: [] },
    text: `${n} ${'x'.repeat(6_000)}`,
  }));

  const outcomes: (AppendResult | undefined)[] = [];
  for (const message of messages) {
    const { results } = await api.appendMessages({ batches: [{ roomId, messages: [message] }] });
    outcomes.push(results[0]?.[0]);
  }
  const stored = messages.filter((_, n) => outcomes[n] && 'message' in outcomes[n]);
  const refused = messages.filter((message) => !stored.includes(message));
  expect(stored.length).toBeGreaterThan(0);
  expect(refused.length).toBeGreaterThan(0);
  for (const outcome of outcomes.filter((one) => one && 'error' in one)) {
    expect(outcome).toMatchObject({
      error: { code: 'unavailable', retryAfterMs: 10_000, message: expect.stringContaining('is full') },
    });
  }
  const page = await api.getEvents({ userId: ada.userId, roomId, after: 0, limit: 200 });
  expect(page.head).toBe(stored.length);
  expect(await store.database.read('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);

  await store.database.read('PRAGMA max_page_count = 100000');
  const { results } = await api.appendMessages({ batches: [{ roomId, messages: refused }] });
  expect(results[0]?.every((result) => 'message' in result)).toBe(true);
});
