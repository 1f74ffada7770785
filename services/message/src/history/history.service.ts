import { Inject, Injectable } from '@nestjs/common';
import type { Head, Place } from '@parley/contracts';
import type { EventsPage, LastMessage, MessagesPage, RoomId, UserId } from '@parley/protocol';
import { toMessage, toRoomEvent, userFrom, type Entry } from '../log/entry.ts';
import { emptyHead, LOG_REPOSITORY, type LogRepository } from '../log/log.repository.ts';
import { notMember } from '../log/refusals.ts';
import { MEMBERS_READER, type MembersReader } from '../members/members.reader.ts';
import { cutText, fitPage } from './page.ts';

/** Reads the logs of rooms. */
@Injectable()
export class HistoryService {
  readonly #repository: LogRepository;
  readonly #members: MembersReader;

  constructor(@Inject(LOG_REPOSITORY) repository: LogRepository, @Inject(MEMBERS_READER) members: MembersReader) {
    this.#repository = repository;
    this.#members = members;
  }

  /** Messages before the seq, or the newest; ascending, as they are now. `not_member`. */
  async getMessages(request: {
    userId: UserId;
    roomId: RoomId;
    before?: number;
    limit: number;
  }): Promise<MessagesPage> {
    const { roomId, limit } = request;
    const [head] = await Promise.all([this.#repository.readHead(roomId), this.#requireMember(roomId, request.userId)]);
    // Not past the last message: thousands may have joined since.
    const before = Math.min(request.before ?? Infinity, head.messageSeq + 1);
    const found = await this.#repository.readMessages(roomId, { before, limit: limit + 1 });
    const users = await this.#members.findUsers(userIdsOf(found));
    const page = fitPage(found.slice(0, limit), (entry) => [toMessage(entry), userFrom(users, entry.userId)]);
    return {
      messages: page.map(toMessage).reverse(),
      users: userIdsOf(page).map((userId) => userFrom(users, userId)),
      head: head.seq,
      more: found.length > page.length,
    };
  }

  /** Entries after the seq. `not_member`. */
  async getEvents({ userId, ...range }: { userId: UserId; roomId: RoomId; after: number; limit: number }) {
    const [page] = await Promise.all([this.getMissedEvents(range), this.#requireMember(range.roomId, userId)]);
    return page;
  }

  /** Entries after the seq, for whoever need not be a member. */
  async getMissedEvents(range: { roomId: RoomId; after: number; limit: number }): Promise<EventsPage> {
    const [entries, head] = await Promise.all([
      this.#repository.readEntries(range.roomId, range),
      this.#repository.readHead(range.roomId),
    ]);
    const users = await this.#members.findUsers(userIdsOf(entries));
    const page = fitPage(entries, (entry) => [toRoomEvent(entry, users), userFrom(users, entry.userId)]);
    return {
      events: page.map((entry) => toRoomEvent(entry, users)),
      users: userIdsOf(page).map((userId) => userFrom(users, userId)),
      // Either of the two reads may have been the later one.
      head: Math.max(head.seq, page.at(-1)?.seq ?? 0),
    };
  }

  /** One head for each room asked for, in that order. */
  async getHeads(roomIds: readonly RoomId[]): Promise<Head[]> {
    const heads = new Map((await this.#repository.readHeads(roomIds)).map((head) => [head.roomId, head]));
    return roomIds.map((roomId) => heads.get(roomId) ?? emptyHead(roomId));
  }

  /** Each place as it stands in its log, in that order; one past the head is the head. */
  async getPlaces(positions: readonly { roomId: RoomId; seq: number }[]): Promise<Place[]> {
    const [heads, found] = await Promise.all([
      this.getHeads([...new Set(positions.map(({ roomId }) => roomId))]),
      this.#repository.readCounts(positions),
    ]);
    const ends = new Map(heads.map((head) => [head.roomId, head]));
    const counts = new Map(found.map(({ roomId, seq, count }) => [`${roomId} ${seq}`, count]));
    return positions.map(({ roomId, seq }) => {
      const count = counts.get(`${roomId} ${seq}`);
      if (count !== undefined) return { roomId, seq, count };
      const end = seq === 0 ? emptyHead(roomId) : (ends.get(roomId) ?? emptyHead(roomId));
      return { roomId, seq: end.seq, count: end.count };
    });
  }

  /** The messages at these places, in that order; where there is none, none. */
  async getLastMessages(positions: readonly { roomId: RoomId; messageSeq: number }[]): Promise<LastMessage[]> {
    const found = await this.#repository.readMessagesAt(positions.filter(({ messageSeq }) => messageSeq > 0));
    const messages = new Map(found.map((entry) => [`${entry.roomId} ${entry.seq}`, toMessage(entry)]));
    return positions.flatMap(({ roomId, messageSeq }) => {
      const message = messages.get(`${roomId} ${messageSeq}`);
      return message ? [{ ...message, ...cutText(message.text) }] : [];
    });
  }

  async #requireMember(roomId: RoomId, userId: UserId): Promise<void> {
    const members = await this.#members.findMembers(roomId, [userId]);
    if (!members.has(userId)) throw notMember();
  }
}

const userIdsOf = (entries: readonly Entry[]): UserId[] => [...new Set(entries.map(({ userId }) => userId))];
