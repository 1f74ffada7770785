import type { CommittedRoom, Head, Membership, MessageApi, RoomApi } from '@parley/contracts';
import type { LastMessage, RoomId } from '@parley/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ReadPositions } from '../reading/read-positions.ts';
import { silentLogger, userId } from '../testing/fixtures.ts';
import { RoomSummaries } from './room-summaries.ts';

const roomId = 'room' as RoomId;
const membership = { roomId, readSeq: null, readCount: null };

const noMentions: MessageApi['countMentions'] = ({ positions }) => Promise.resolve({ counts: positions.map(() => 0) });

/** Positions that were passed on to be stored. */
const stored: unknown[] = [];
beforeEach(() => {
  stored.length = 0;
});

/** RoomSummaries over services that answer the same for every room. */
function summaries(
  room: Partial<CommittedRoom>,
  last: readonly Partial<LastMessage>[] = [],
  countMentions = noMentions,
  memberships: readonly Membership[] = [],
): RoomSummaries {
  const committed = { roomId, name: null, members: [], memberCount: 0, initialMemberCount: 0, createdAt: 1, ...room };
  const rooms: Pick<RoomApi, 'getRooms' | 'getMemberships'> = {
    getMemberships: () => Promise.resolve({ roomsVersion: 1, memberships }),
    getRooms: ({ roomIds }) => Promise.resolve({ rooms: roomIds.map((one) => ({ ...committed, roomId: one })) }),
  };
  const messages: Pick<MessageApi, 'getLastMessages' | 'countMentions'> = {
    countMentions,
    getLastMessages: () => Promise.resolve({ messages: last as LastMessage[] }),
  };
  const positions = { addAuthored: (reading: unknown) => stored.push(reading) } as Pick<ReadPositions, 'addAuthored'>;
  return new RoomSummaries(rooms as RoomApi, messages as MessageApi, positions as ReadPositions, silentLogger);
}

const headWith = (memberDelta: number): ReadonlyMap<RoomId, Head> =>
  new Map([[roomId, { roomId, seq: 9, count: 0, memberDelta, messageSeq: 0, at: 1 }]]);

describe('the member count of a summary', () => {
  test('is that at the head, even if committed changes have no entry yet', async () => {
    const [summary] = await summaries({ initialMemberCount: 3, memberCount: 7 }).summarize(
      userId,
      [membership],
      headWith(2),
    );
    expect(summary).toMatchObject({ head: 9, memberCount: 5 });
    expect(summary).not.toHaveProperty('initialMemberCount');
  });

  test("is that of the room's creation while the log is empty", async () => {
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

describe('the read position of a summary', () => {
  const heads = new Map([[roomId, { roomId, seq: 9, count: 7, memberDelta: 0, messageSeq: 8, at: 1 }]]);
  const readUpTo = async (readSeq: number | null, author: string) => {
    const own = { roomId, readSeq, readCount: readSeq };
    const last = { roomId, seq: 8, userId: author as typeof userId };
    const [summary] = await summaries({}, [last]).summarize(userId, [own], heads);
    return [summary?.readSeq, summary?.readCount];
  };

  test('is at the last message if the user wrote it, even if that is not stored yet', async () => {
    expect(await readUpTo(2, userId)).toEqual([8, 7]);
    expect(stored).toEqual([{ userId, roomId, seq: 8 }]);
  });

  test('is the stored one if another user wrote the last message', async () => {
    expect(await readUpTo(2, 'another user')).toEqual([2, 2]);
    expect(stored).toEqual([]);
  });

  test('never decreases, and is the head while the joining has no entry in the log', async () => {
    expect(await readUpTo(9, userId)).toEqual([9, 7]);
    expect(await readUpTo(null, userId)).toEqual([9, 7]);
  });
});

test('the role is read after the head, since clients receive only later changes', async () => {
  const later = [{ ...membership, role: 'owner' as const }];
  const before = [{ ...membership, role: 'member' as const }];
  const summarized = await summaries({}, [], noMentions, later).summarize(userId, before, headWith(0));
  expect(summarized).toMatchObject([{ role: 'owner' }]);
  const gone = await summaries({}).summarize(userId, before, headWith(0));
  expect(gone).toMatchObject([{ role: 'member' }]);
});

test('entries of unknown kinds at the end of a log move the head of a summary and count nothing', async () => {
  const message = { roomId, seq: 2, userId };
  const head = { roomId, seq: 9, count: 2, memberDelta: 1, messageSeq: 2, at: 1 };
  const own = { roomId, readSeq: 2, readCount: 2 };
  const never = () => Promise.reject(new Error('Nothing is unread.'));
  const [summary] = await summaries({ initialMemberCount: 3 }, [message], never).summarize(
    userId,
    [own],
    new Map([[roomId, head]]),
  );
  expect(summary).toMatchObject({
    head: 9,
    count: 2,
    readCount: 2,
    memberCount: 4,
    mentionCount: 0,
    lastMessage: message,
  });
});

describe('mention counts of summaries', () => {
  const head = { seq: 9, count: 7, memberDelta: 0, messageSeq: 8, at: 1 };
  const roomIds = ['unread', 'read', 'empty', 'joining', 'written'] as RoomId[];
  const [unread, read, empty, joining, written] = roomIds;
  const heads = new Map(roomIds.map((one) => [one, { ...head, roomId: one, ...(one === empty && { messageSeq: 0 }) }]));
  const memberships = [
    { roomId: unread, readSeq: 2, readCount: 2 },
    { roomId: read, readSeq: 8, readCount: 7 },
    { roomId: empty, readSeq: 0, readCount: 0 },
    { roomId: joining, readSeq: null, readCount: null },
    { roomId: written, readSeq: 2, readCount: 2 },
  ].map((one) => ({ ...one, roomId: one.roomId as RoomId }));
  const own = { roomId: written as RoomId, seq: 8, userId };

  test('are read in one call, for rooms with unread messages only', async () => {
    const asked: unknown[] = [];
    const listed = await summaries({}, [own], (request) => {
      asked.push(request);
      return Promise.resolve({ counts: [3] });
    }).summarize(userId, memberships, heads);
    expect(asked).toEqual([{ positions: [{ userId, roomId: unread, seq: 2 }] }]);
    expect(listed.map(({ mentionCount }) => mentionCount)).toEqual([3, 0, 0, 0, 0]);
  });

  test('are not read for a user without unread messages', async () => {
    const never = () => Promise.reject(new Error('Nothing is unread.'));
    const listed = await summaries({}, [own], never).summarize(userId, memberships.slice(1), heads);
    expect(listed.map(({ mentionCount }) => mentionCount)).toEqual([0, 0, 0, 0]);
  });

  test('are left out if they cannot be read', async () => {
    const failing = () => Promise.reject(new Error('The message service is unavailable.'));
    const listed = await summaries({}, [], failing).summarize(userId, memberships, heads);
    expect(listed).toHaveLength(5);
    for (const summary of listed) expect(summary).not.toHaveProperty('mentionCount');
  });
});
