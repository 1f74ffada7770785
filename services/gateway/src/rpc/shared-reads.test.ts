import { ParleyError, type Head, type MessageApi, type RoomApi, type Session } from '@parley/contracts';
import type { LastMessage, RoomId, UserId } from '@parley/protocol';
import { createRpcClient, createLogger, startRpcServer } from '@parley/platform';
import { expect, test, vi } from 'vitest';
import { shareMessageReads, shareRoomReads } from './shared-reads.ts';

const users = (count: number): UserId[] => Array.from({ length: count }, (_, index) => `user ${index}` as UserId);
const sessionOf = (token: string): Session => ({ user: { displayName: token } }) as Session;
const headOf = (roomId: RoomId): Head => ({ roomId, seq: 1, count: 1, memberDelta: 0, messageSeq: 1, at: 1 });
const lastMessage = (roomId: RoomId, seq: number): LastMessage => ({ roomId, seq }) as LastMessage;
const none = { roomsVersion: 0, memberships: [] };

/** A room service whose answers the test releases; `asked` counts the users of each call. */
function slowRooms() {
  const answers: (() => void)[] = [];
  const asked: number[] = [];
  const getMembershipsOfUsers = vi.fn<RoomApi['getMembershipsOfUsers']>(async ({ userIds }) => {
    asked.push(userIds.length);
    await new Promise<void>((resolve) => answers.push(resolve));
    return { results: userIds.map((userId) => ({ ...none, roomsVersion: Number(userId.slice(5)) })) };
  });
  return { api: shareRoomReads({ getMembershipsOfUsers } as Partial<RoomApi> as RoomApi), answers, asked };
}

test('a read that starts while others wait joins their call', async () => {
  const { api, answers, asked } = slowRooms();
  const [one, other, ...others] = users(12) as [UserId, UserId, ...UserId[]];
  const first = api.getMemberships({ userId: one });
  await vi.waitFor(() => expect(asked).toEqual([1]));
  const second = api.getMemberships({ userId: other });
  await vi.waitFor(() => expect(asked).toEqual([1, 1]));
  const waiting = Promise.all(others.map((userId) => api.getMemberships({ userId })));
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual([1, 1]);
  answers.shift()?.();
  expect((await first).roomsVersion).toBe(0);
  await vi.waitFor(() => expect(asked).toEqual([1, 1, 10]));
  for (const answer of answers.splice(0)) answer();
  expect((await second).roomsVersion).toBe(1);
  expect((await waiting).map(({ roomsVersion }) => roomsVersion)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('a call reads at most 1,000 items', async () => {
  const { api, answers, asked } = slowRooms();
  const reading = Promise.all(users(1_001).map((userId) => api.getMemberships({ userId })));
  await vi.waitFor(() => expect(asked).toEqual([1_000, 1]));
  for (const answer of answers) answer();
  expect((await reading).map(({ roomsVersion }) => roomsVersion)).toEqual(users(1_001).map((_, index) => index));
});

test('concurrent reads of the same item read it once, and each gets its items in its order', async () => {
  const getHeads = vi.fn<MessageApi['getHeads']>(({ roomIds }) => Promise.resolve({ heads: roomIds.map(headOf) }));
  const messages: Partial<MessageApi> = {
    getHeads,
    getLastMessages: ({ positions }) =>
      Promise.resolve({
        messages: positions
          .filter(({ messageSeq }) => messageSeq <= 8)
          .map(({ roomId, messageSeq }) => lastMessage(roomId, messageSeq)),
      }),
    countMentions: ({ positions }) => Promise.resolve({ counts: positions.map(({ seq }) => 10 - seq) }),
  };
  const api = shareMessageReads(messages as MessageApi);
  const [a, b, c] = ['a', 'b', 'c'] as RoomId[] as [RoomId, RoomId, RoomId];
  const lists = [[a, b], [b, c, a], []];
  const answers = await Promise.all(lists.map((roomIds) => api.getHeads({ roomIds })));
  expect(answers.map(({ heads }) => heads.map(({ roomId }) => roomId))).toEqual(lists);
  expect(getHeads.mock.calls.map(([{ roomIds }]) => roomIds)).toEqual([[a, b, c]]);

  const places = [
    [
      [b, 7],
      [a, 9],
    ],
    [[b, 8]],
  ] as const;
  const last = await Promise.all(
    places.map((each) =>
      api.getLastMessages({ positions: each.map(([roomId, messageSeq]) => ({ roomId, messageSeq })) }),
    ),
  );
  expect(last.map(({ messages: found }) => found)).toEqual([[{ roomId: b, seq: 7 }], [{ roomId: b, seq: 8 }]]);

  const [ada, ben] = users(2) as [UserId, UserId];
  const position = (userId: UserId, seq: number) => ({ positions: [{ userId, roomId: a, seq }] });
  const counts = await Promise.all([position(ada, 3), position(ben, 5), position(ada, 4)].map(api.countMentions));
  expect(counts).toEqual([{ counts: [6] }, { counts: [5] }, { counts: [6] }]);
});

test('an ended session fails only its own read, and a failed call fails every read that shares it', async () => {
  const getSessions = vi.fn<RoomApi['getSessions']>(({ tokens }) =>
    Promise.resolve({ sessions: tokens.map((token) => (token === 'ended' ? null : sessionOf(token))) }),
  );
  const api = shareRoomReads({ getSessions } as Partial<RoomApi> as RoomApi);
  const read = (...tokens: string[]) => Promise.allSettled(tokens.map((token) => api.getSession({ token })));
  expect(await read('good', 'ended')).toMatchObject([
    { value: sessionOf('good') },
    { reason: { code: 'unauthenticated' } },
  ]);
  getSessions.mockRejectedValueOnce(new ParleyError('unavailable', 'Not now.'));
  expect(await read('good', 'other')).toMatchObject([
    { reason: { code: 'unavailable' } },
    { reason: { code: 'unavailable' } },
  ]);
  expect(await read('good')).toMatchObject([{ value: sessionOf('good') }]);
});

test('the previous release, which has no batch calls, is asked for each item', async () => {
  const before: Partial<RoomApi> = {
    getSession: ({ token }) =>
      token === 'ended'
        ? Promise.reject(new ParleyError('unauthenticated', 'The session has ended.'))
        : Promise.resolve(sessionOf(token)),
    getMemberships: () => Promise.resolve(none),
  };
  const at = { token: 'token', host: '127.0.0.1', port: 0, logger: createLogger('test', 'silent') };
  const server = await startRpcServer({ ...at, api: before as RoomApi, methods: ['getSession', 'getMemberships'] });
  const endpoints = () => [`http://127.0.0.1:${server.port}`];
  const methods = ['getSession', 'getSessions', 'getMemberships', 'getMembershipsOfUsers'] as const;
  const client = createRpcClient<RoomApi>(methods, { endpoints, token: 'token', timeoutMs: 5_000 });
  const api = shareRoomReads(client);
  try {
    expect(await Promise.allSettled(['good', 'ended'].map((token) => api.getSession({ token })))).toMatchObject([
      { value: sessionOf('good') },
      { reason: { code: 'unauthenticated' } },
    ]);
    expect(await Promise.all(users(2).map((userId) => api.getMemberships({ userId })))).toEqual([none, none]);
  } finally {
    await client.close();
    await server.close();
  }
});

test('other methods pass through', async () => {
  const leaveRoom = vi.fn<RoomApi['leaveRoom']>(() => Promise.resolve());
  const request = { userId: 'ada' as UserId, roomId: 'tea' as RoomId };
  await shareRoomReads({ leaveRoom } as Partial<RoomApi> as RoomApi).leaveRoom(request);
  expect(leaveRoom).toHaveBeenCalledWith(request);
});
