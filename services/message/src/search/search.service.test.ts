import type { RoomId, UserId } from '@parley/protocol';
import { expect, test } from 'vitest';
import type { MessageEntry } from '../log/entry.ts';
import type { MembersReader } from '../members/members.reader.ts';
import type { SearchPlace, SearchRepository } from './search.repository.ts';
import { SearchService } from './search.service.ts';

const roomId = 'room-0123456789abcdef' as RoomId;
const userId = 'user-0123456789abcdef' as UserId;

/** How many turns of the event loop pass while the promise is pending. */
async function turnsDuring(promise: Promise<unknown>): Promise<number> {
  let turns = 0;
  let next = setImmediate(function count() {
    turns += 1;
    next = setImmediate(count);
  });
  await promise;
  clearImmediate(next);
  return turns;
}

test('lets other work run between the messages that it compares', async () => {
  const count = 50;
  const text = 'ab '.repeat(2_600);
  const places = Array.from({ length: count }, (_, index) => ({ roomId, seq: index + 1 }) as SearchPlace);
  const entries = places.map(({ seq }) => ({ roomId, seq, userId, data: { text } }) as MessageEntry);
  const service = new SearchService(
    { find: async () => places } as unknown as SearchRepository,
    { readMessagesAt: async () => entries },
    { findRoomIds: async () => [roomId], findUsers: async () => new Map() } as unknown as MembersReader,
  );
  const search = service.search({ userId, query: 'ab xy', limit: 20 });
  // 10 rounds of 50 messages of 7,800 characters each: a turn at least every third message.
  expect(await turnsDuring(search)).toBeGreaterThan(150);
  expect((await search).messages).toEqual([]);
});
