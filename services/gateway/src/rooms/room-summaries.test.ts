import type { CommittedRoom, Head, MessageApi, RoomApi } from '@parley/contracts';
import type { LastMessage, RoomId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { userId } from '../testing/logs.ts';
import { RoomSummaries } from './room-summaries.ts';

const roomId = 'room' as RoomId;
const membership = { roomId, readSeq: null, readCount: null };

/** What the room and the message service answer of one room. */
function summaries(room: Partial<CommittedRoom>, last: readonly Partial<LastMessage>[] = []): RoomSummaries {
  const committed = { roomId, name: null, members: [], memberCount: 0, initialMemberCount: 0, createdAt: 1, ...room };
  const rooms: Pick<RoomApi, 'getRooms'> = { getRooms: () => Promise.resolve({ rooms: [committed] }) };
  const messages: Pick<MessageApi, 'getLastMessages'> = {
    getLastMessages: () => Promise.resolve({ messages: last as LastMessage[] }),
  };
  return new RoomSummaries(rooms as RoomApi, messages as MessageApi);
}

const headWith = (memberDelta: number): ReadonlyMap<RoomId, Head> =>
  new Map([[roomId, { roomId, seq: 9, count: 0, memberDelta, messageSeq: 0, at: 1 }]]);

describe('the number of members in a summary', () => {
  test('is that at the head, though changes are committed whose entries are still to come', async () => {
    const [summary] = await summaries({ initialMemberCount: 3, memberCount: 7 }).summarize(
      userId,
      [membership],
      headWith(2),
    );
    expect(summary).toMatchObject({ head: 9, memberCount: 5 });
    expect(summary).not.toHaveProperty('initialMemberCount');
  });

  test('is that which the room was made with while its log is empty', async () => {
    const [summary] = await summaries({ initialMemberCount: 3, memberCount: 4 }).summarize(
      userId,
      [membership],
      new Map(),
    );
    expect(summary).toMatchObject({ head: 0, memberCount: 3 });
  });

  test('is never below 0', async () => {
    const [summary] = await summaries({ initialMemberCount: 1 }).summarize(userId, [membership], headWith(-2));
    expect(summary).toMatchObject({ memberCount: 0 });
  });
});

describe('what one has read of a room', () => {
  const heads = new Map([[roomId, { roomId, seq: 9, count: 7, memberDelta: 0, messageSeq: 8, at: 1 }]]);
  const readUpTo = async (readSeq: number | null, author: string) => {
    const own = { roomId, readSeq, readCount: readSeq };
    const last = { roomId, seq: 8, userId: author as typeof userId };
    const [summary] = await summaries({}, [last]).summarize(userId, [own], heads);
    return [summary?.readSeq, summary?.readCount];
  };

  test('is everything when the last message is one’s own, though that is not stored yet', async () => {
    expect(await readUpTo(2, userId)).toEqual([8, 7]);
  });

  test('is what is stored when somebody else wrote last', async () => {
    expect(await readUpTo(2, 'somebody else')).toEqual([2, 2]);
  });

  test('never falls, and is the head while the joining has no place in the log', async () => {
    expect(await readUpTo(9, userId)).toEqual([9, 7]);
    expect(await readUpTo(null, userId)).toEqual([9, 7]);
  });
});
