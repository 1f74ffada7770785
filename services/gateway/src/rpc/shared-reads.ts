import { ParleyError, type MessageApi, type RoomApi, type Session } from '@parley/contracts';
import { isUnknownMethod, batchedRead } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';

/**
 * The room service for a gateway with many simultaneous connects: concurrent reads of sessions, memberships and rooms
 * share calls. A single read is not delayed. Other methods pass through.
 */
export function shareRoomReads(rooms: RoomApi): RoomApi {
  const sessions = batchedRead(itself, (tokens: readonly string[]) =>
    batchOrEach<string, Session>(
      tokens,
      async () => (await rooms.getSessions({ tokens })).sessions.map((session) => session ?? sessionEnded()),
      (token) => rooms.getSession({ token }),
    ),
  );
  const endings = batchedRead(itself, async (sessionIds: Parameters<RoomApi['findEndedSessions']>[0]['sessionIds']) => {
    const ended = new Set((await rooms.findEndedSessions({ sessionIds })).sessionIds);
    return sessionIds.map((sessionId) => ended.has(sessionId));
  });
  const memberships = batchedRead(itself, (userIds: readonly UserId[]) =>
    batchOrEach(
      userIds,
      async () => (await rooms.getMembershipsOfUsers({ userIds })).results,
      (userId) => rooms.getMemberships({ userId }),
    ),
  );
  const committed = batchedRead(itself, async (roomIds: readonly RoomId[]) => {
    const found = new Map((await rooms.getRooms({ roomIds })).rooms.map((room) => [room.roomId, room]));
    return roomIds.map((roomId) => found.get(roomId));
  });
  return {
    ...rooms,
    getSession: ({ token }) => sessions.read(token),
    getMemberships: ({ userId }) => memberships.read(userId),
    async findEndedSessions({ sessionIds }) {
      const ended = await endings.readAll(sessionIds);
      return { sessionIds: sessionIds.filter((_sessionId, index) => ended[index]) };
    },
    async getRooms({ roomIds }) {
      return { rooms: (await committed.readAll(roomIds)).filter((room) => room !== undefined) };
    },
  };
}

/** The same for the message service. */
export function shareMessageReads(messages: MessageApi): MessageApi {
  const heads = batchedRead(itself, async (roomIds: readonly RoomId[]) => (await messages.getHeads({ roomIds })).heads);
  const lastMessages = batchedRead(
    ({ roomId, messageSeq }) => `${roomId} ${messageSeq}`,
    async (positions: Parameters<MessageApi['getLastMessages']>[0]['positions']) => {
      const found = await messages.getLastMessages({ positions });
      const byPlace = new Map(found.messages.map((message) => [`${message.roomId} ${message.seq}`, message]));
      return positions.map(({ roomId, messageSeq }) => byPlace.get(`${roomId} ${messageSeq}`));
    },
  );
  // For two positions of a user in a room the later request counts, since read positions only increase.
  const mentions = batchedRead(
    ({ userId, roomId }) => `${userId} ${roomId}`,
    async (positions: Parameters<MessageApi['countMentions']>[0]['positions']) =>
      (await messages.countMentions({ positions })).counts,
  );
  return {
    ...messages,
    getHeads: async ({ roomIds }) => ({ heads: await heads.readAll(roomIds) }),
    countMentions: async ({ positions }) => ({ counts: await mentions.readAll(positions) }),
    async getLastMessages({ positions }) {
      return { messages: (await lastMessages.readAll(positions)).filter((message) => message !== undefined) };
    },
  };
}

/** A replica of the previous release does not have the batch call: it is asked for each key. */
async function batchOrEach<Key, Value>(
  keys: readonly Key[],
  batch: () => Promise<readonly (Value | Error)[]>,
  each: (key: Key) => Promise<Value>,
): Promise<readonly (Value | Error)[]> {
  try {
    return await batch();
  } catch (error) {
    if (!isUnknownMethod(error)) throw error;
    return Promise.all(keys.map((key) => each(key).catch((reason: unknown) => reason as Error)));
  }
}

const itself = (key: string): string => key;

const sessionEnded = (): ParleyError => new ParleyError('unauthenticated', 'The session has ended. Log in again.');
