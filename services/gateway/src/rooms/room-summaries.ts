import { Inject, Injectable } from '@nestjs/common';
import {
  MESSAGE_API,
  ParleyError,
  ROOM_API,
  type CommittedRoom,
  type Head,
  type Membership,
  type MessageApi,
  type RoomApi,
} from '@parley/contracts';
import { LOGGER, type Logger } from '@parley/platform';
import { LIMITS, type LastMessage, type RoomId, type RoomSummary, type UserId } from '@parley/protocol';
import { ReadPositions } from '../reading/read-positions.ts';
import { nextCursor, parseCursor, roomsAfter, type RoomActivity } from './room-page.ts';
import { chunks } from '../rpc/chunks.ts';

/** Details are read for so many rooms at a time, as long as the page has room for more. */
const ROOMS_AT_A_TIME = 200;

export type Heads = ReadonlyMap<RoomId, Head>;

type Mentions = ReadonlyMap<RoomId, number>;

type Roles = ReadonlyMap<RoomId, Membership['role']>;

export interface RoomsPage {
  readonly rooms: readonly RoomSummary[];
  readonly next?: string;
}

/** Builds the entries of a user's room list from data of the room service and the message service. */
@Injectable()
export class RoomSummaries {
  readonly #rooms: RoomApi;
  readonly #messages: MessageApi;
  readonly #positions: Pick<ReadPositions, 'addAuthored'>;
  readonly #logger: Logger;

  constructor(
    @Inject(ROOM_API) rooms: RoomApi,
    @Inject(MESSAGE_API) messages: MessageApi,
    positions: ReadPositions,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#rooms = rooms;
    this.#messages = messages;
    this.#positions = positions;
    this.#logger = logger;
  }

  async readHeads(roomIds: readonly RoomId[]): Promise<Heads> {
    const answers = await Promise.all(chunks(roomIds).map((chunk) => this.#messages.getHeads({ roomIds: chunk })));
    return new Map(answers.flatMap(({ heads }) => heads.map((head) => [head.roomId, head])));
  }

  /** Newest activity first, at most 256 KiB. `after`: the `next` of the page before. */
  async page(userId: UserId, memberships: readonly Membership[], heads: Heads, after?: string): Promise<RoomsPage> {
    const cursor = after === undefined ? undefined : parseCursor(after);
    const [roles, activities] = await Promise.all([this.#readRoles(userId), this.#activities(memberships, heads)]);
    const byRoom = new Map(memberships.map((membership) => [membership.roomId, membership]));
    const remaining = roomsAfter(activities, cursor);
    const rooms: RoomSummary[] = [];
    let bytes = 0;
    for (const chunk of chunks(remaining, ROOMS_AT_A_TIME)) {
      const wanted = chunk.map(({ roomId }) => byRoom.get(roomId)).filter((membership) => membership !== undefined);
      for (const summary of await this.#summarize(userId, wanted, heads, roles)) {
        bytes += Buffer.byteLength(JSON.stringify(summary)) + 1;
        const last = rooms.at(-1);
        if (bytes > LIMITS.pageBytes && last !== undefined) {
          const end = activities.find(({ roomId }) => roomId === last.roomId) ?? chunk[0];
          return end === undefined ? { rooms } : { rooms, next: nextCursor(activities, end, cursor) };
        }
        rooms.push(summary);
      }
    }
    return { rooms };
  }

  /** In the order of the memberships; rooms that are gone are left out. */
  async summarize(userId: UserId, memberships: readonly Membership[], heads: Heads): Promise<RoomSummary[]> {
    return this.#summarize(userId, memberships, heads, await this.#readRoles(userId));
  }

  async #summarize(
    userId: UserId,
    memberships: readonly Membership[],
    heads: Heads,
    roles: Roles,
  ): Promise<RoomSummary[]> {
    const roomIds = memberships.map(({ roomId }) => roomId);
    const [rooms, lastMessages] = await Promise.all([this.#readRooms(roomIds), this.#readLastMessages(roomIds, heads)]);
    const seen = memberships.map((membership) => {
      const read = withOwnWriting(userId, membership, heads, lastMessages);
      // Clients take it for read and do not report it. Store it here, in case the gateway that had it has ended.
      if (read !== membership) this.#positions.addAuthored({ userId, roomId: read.roomId, seq: read.readSeq ?? 0 });
      return read;
    });
    const mentions = await this.#countMentions(userId, seen, heads);
    return seen.flatMap((membership) => {
      const room = rooms.get(membership.roomId);
      if (room === undefined) return [];
      const role = roles.get(membership.roomId) ?? membership.role;
      return [toSummary(room, { ...membership, ...(role && { role }) }, heads, lastMessages, mentions)];
    });
  }

  /** Throws `not_member`. */
  async one(userId: UserId, roomId: RoomId): Promise<RoomSummary> {
    const { memberships } = await this.#rooms.getMemberships({ userId });
    const mine = memberships.filter((membership) => membership.roomId === roomId);
    const [summary] = await this.summarize(userId, mine, await this.readHeads([roomId]));
    if (summary === undefined) throw new ParleyError('not_member', 'You are not a member of this room.');
    return summary;
  }

  /** The last activity of a room without entries is its creation. */
  async #activities(memberships: readonly Membership[], heads: Heads): Promise<RoomActivity[]> {
    const empty = memberships.filter(({ roomId }) => !heads.get(roomId)?.seq).map(({ roomId }) => roomId);
    const rooms = await this.#readRooms(empty);
    return memberships.map(({ roomId }) => ({
      roomId,
      at: heads.get(roomId)?.at || (rooms.get(roomId)?.createdAt ?? 0),
    }));
  }

  /**
   * Reads the roles again after the heads. Entries above the head bring later changes to the client. A change whose entry
   * is below the head, but which came after the memberships were read, would be missing.
   */
  async #readRoles(userId: UserId): Promise<Roles> {
    const { memberships } = await this.#rooms.getMemberships({ userId });
    return new Map(memberships.map(({ roomId, role }) => [roomId, role]));
  }

  async #readRooms(roomIds: readonly RoomId[]): Promise<ReadonlyMap<RoomId, CommittedRoom>> {
    const answers = await Promise.all(chunks(roomIds).map((chunk) => this.#rooms.getRooms({ roomIds: chunk })));
    return new Map(answers.flatMap(({ rooms }) => rooms.map((room) => [room.roomId, room])));
  }

  async #readLastMessages(roomIds: readonly RoomId[], heads: Heads): Promise<ReadonlyMap<RoomId, LastMessage>> {
    const positions = roomIds.flatMap((roomId) => {
      const messageSeq = heads.get(roomId)?.messageSeq ?? 0;
      return messageSeq === 0 ? [] : [{ roomId, messageSeq }];
    });
    const answers = await Promise.all(
      chunks(positions).map((chunk) => this.#messages.getLastMessages({ positions: chunk })),
    );
    return new Map(answers.flatMap(({ messages }) => messages.map((message) => [message.roomId, message])));
  }

  /**
   * Asks only for rooms with unread messages, so a user who has read everything costs nothing. Undefined when mentions
   * cannot be counted: the summaries are answered without them.
   */
  async #countMentions(
    userId: UserId,
    memberships: readonly Membership[],
    heads: Heads,
  ): Promise<Mentions | undefined> {
    const unread = memberships.flatMap(({ roomId, readSeq }) =>
      readSeq !== null && (heads.get(roomId)?.messageSeq ?? 0) > readSeq ? [{ userId, roomId, seq: readSeq }] : [],
    );
    try {
      const answers = await Promise.all(chunks(unread).map((positions) => this.#messages.countMentions({ positions })));
      const counts = answers.flatMap((answer) => answer.counts);
      return new Map(unread.map(({ roomId }, index) => [roomId, counts[index] ?? 0]));
    } catch (error) {
      this.#logger.warn({ err: error, userId, rooms: unread.length }, 'Mentions were not counted.');
      return undefined;
    }
  }
}

/** The author of the last message has read all messages, though the read position may not be stored yet. */
function withOwnWriting(
  userId: UserId,
  membership: Membership,
  heads: Heads,
  lastMessages: ReadonlyMap<RoomId, LastMessage>,
): Membership {
  const last = lastMessages.get(membership.roomId);
  if (last?.userId !== userId || membership.readSeq === null || membership.readSeq >= last.seq) return membership;
  return { ...membership, readSeq: last.seq, readCount: heads.get(membership.roomId)?.count ?? membership.readCount };
}

/** The member count is that at the head, not the committed one: clients add the changes of later entries. */
function toSummary(
  { initialMemberCount, ...room }: CommittedRoom,
  membership: Membership,
  heads: Heads,
  lastMessages: ReadonlyMap<RoomId, LastMessage>,
  mentions: Mentions | undefined,
): RoomSummary {
  const { role } = membership;
  const head = heads.get(room.roomId);
  const seq = head?.seq ?? 0;
  const count = head?.count ?? 0;
  return {
    ...room,
    memberCount: Math.max(0, initialMemberCount + (head?.memberDelta ?? 0)),
    head: seq,
    count,
    readSeq: Math.min(membership.readSeq ?? seq, seq),
    readCount: Math.min(membership.readCount ?? count, count),
    ...(mentions === undefined ? {} : { mentionCount: mentions.get(room.roomId) ?? 0 }),
    ...(role === undefined ? {} : { role }),
    lastMessage: lastMessages.get(room.roomId) ?? null,
  };
}
