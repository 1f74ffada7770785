import type { CommittedRoom, Head, Membership, MessageApi, RoomApi } from '@parley/contracts';
import type { LastMessage, RoomId } from '@parley/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ReadPositions } from '../reading/read-positions.ts';
import { silentLogger, userId } from '../testing/logs.ts';
import { RoomSummaries } from './room-summaries.ts';

const roomId = 'room' as RoomId;
const membership = { roomId, readSeq: null, readCount: null };

const noMentions: MessageApi['countMentions'] = ({ positions }) => Promise.resolve({ counts: positions.map(() => 0) });

/** Positions that were given to be stored. */
const stored: unknown[] = [];
beforeEach(() => {
  stored.length = 0;
});

/** What the room and the message service answer of every room. */
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
  const positions = { wrote: (reading: unknown) => stored.push(reading) } as Pick<ReadPositions, 'wrote'>;
  return new RoomSummaries(rooms as RoomApi, messages as MessageApi, positions as ReadPositions, silentLogger);
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
    expect(stored).toEqual([{ userId, roomId, seq: 8 }]);
  });

  test('is what is stored when somebody else wrote last', async () => {
    expect(await readUpTo(2, 'somebody else')).toEqual([2, 2]);
    expect(stored).toEqual([]);
  });

  test('never falls, and is the head while the joining has no place in the log', async () => {
    expect(await readUpTo(9, userId)).toEqual([9, 7]);
    expect(await readUpTo(null, userId)).toEqual([9, 7]);
  });
});

test('a role is the one of after the head was read: the client is told of changes above the head only', async () => {
  const later = [{ ...membership, role: 'owner' as const }];
  const before = [{ ...membership, role: 'member' as const }];
  const summarized = await summaries({}, [], noMentions, later).summarize(userId, before, headWith(0));
  expect(summarized).toMatchObject([{ role: 'owner' }]);
  const gone = await summaries({}).summarize(userId, before, headWith(0));
  expect(gone).toMatchObject([{ role: 'member' }]);
});

describe('mentions of oneself', () => {
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

  test('are counted in one call, of the rooms with unread messages only', async () => {
    const asked: unknown[] = [];
    const listed = await summaries({}, [own], (request) => {
      asked.push(request);
      return Promise.resolve({ counts: [3] });
    }).summarize(userId, memberships, heads);
    expect(asked).toEqual([{ positions: [{ userId, roomId: unread, seq: 2 }] }]);
    expect(listed.map(({ mentionCount }) => mentionCount)).toEqual([3, 0, 0, 0, 0]);
  });

  test('are not asked for by whoever has read everything', async () => {
    const never = () => Promise.reject(new Error('Nothing is unread.'));
    const listed = await summaries({}, [own], never).summarize(userId, memberships.slice(1), heads);
    expect(listed.map(({ mentionCount }) => mentionCount)).toEqual([0, 0, 0, 0]);
  });

  test('that cannot be counted are left out, and the rooms are there', async () => {
    const failing = () => Promise.reject(new Error('The message service is away.'));
    const listed = await summaries({}, [], failing).summarize(userId, memberships, heads);
    expect(listed).toHaveLength(5);
    for (const summary of listed) expect(summary).not.toHaveProperty('mentionCount');
  });
});
