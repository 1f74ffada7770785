import type { CommittedRoom, Head, MessageApi, RoomApi } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { RoomSummaries } from './room-summaries.ts';

const roomId = 'room' as RoomId;
const membership = { roomId, readSeq: null, readCount: null };

/** What the room and the message service answer of one room. */
function summaries(room: Partial<CommittedRoom>): RoomSummaries {
  const committed = { roomId, name: null, members: [], memberCount: 0, initialMemberCount: 0, createdAt: 1, ...room };
  const rooms: Pick<RoomApi, 'getRooms'> = { getRooms: () => Promise.resolve({ rooms: [committed] }) };
  const messages: Pick<MessageApi, 'getLastMessages'> = { getLastMessages: () => Promise.resolve({ messages: [] }) };
  return new RoomSummaries(rooms as RoomApi, messages as MessageApi);
}

const headWith = (memberDelta: number): ReadonlyMap<RoomId, Head> =>
  new Map([[roomId, { roomId, seq: 9, count: 0, memberDelta, messageSeq: 0, at: 1 }]]);

describe('the number of members in a summary', () => {
  test('is that at the head, though changes are committed whose entries are still to come', async () => {
    const [summary] = await summaries({ initialMemberCount: 3, memberCount: 7 }).summarize([membership], headWith(2));
    expect(summary).toMatchObject({ head: 9, memberCount: 5 });
    expect(summary).not.toHaveProperty('initialMemberCount');
  });

  test('is that which the room was made with while its log is empty', async () => {
    const [summary] = await summaries({ initialMemberCount: 3, memberCount: 4 }).summarize([membership], new Map());
    expect(summary).toMatchObject({ head: 0, memberCount: 3 });
  });

  test('is never below 0', async () => {
    const [summary] = await summaries({ initialMemberCount: 1 }).summarize([membership], headWith(-2));
    expect(summary).toMatchObject({ memberCount: 0 });
  });
});
