import { Inject, Injectable } from '@nestjs/common';
import type { Head, MessagesRequest, Place } from '@parley/contracts';
import type { EventsPage, LastMessage, MessageId, MessagesPage, RoomId, User, UserId } from '@parley/protocol';
import { isChange, isMessage, type Entry, type MessageEntry, type Messages } from '../log/entry.ts';
import { emptyHead, LOG_REPOSITORY, type LogRepository } from '../log/log.repository.ts';
import { notMember } from '../log/append-errors.ts';
import { toMessage, toRoomEvent, userFrom, type EntryReferences } from '../log/room-event.ts';
import { MEMBERS_READER, type MembersReader } from '../members/members.reader.ts';
import { OwnReactions } from '../reactions/own-reactions.ts';
import { findRange } from './message-range.ts';
import { cutText, fitPage } from './page.ts';

/** Reads the logs of rooms. */
@Injectable()
export class HistoryService {
  readonly #repository: LogRepository;
  readonly #members: MembersReader;
  readonly #own: OwnReactions;

  constructor(
    @Inject(LOG_REPOSITORY) repository: LogRepository,
    @Inject(MEMBERS_READER) members: MembersReader,
    own: OwnReactions,
  ) {
    this.#repository = repository;
    this.#members = members;
    this.#own = own;
  }

  /** Messages around a seq, or the newest; ascending, as they are now. `not_member`. */
  async getMessages(request: MessagesRequest): Promise<MessagesPage> {
    const { roomId, userId } = request;
    const [head] = await Promise.all([this.#repository.readHead(roomId), this.#requireMember(roomId, userId)]);
    const range = await findRange(this.#repository, request, head);
    const { page, users } = await this.#fit(range.nearestFirst);
    const messages = page.sort((a, b) => a.seq - b.seq);
    const [first, last] = [messages.at(0)?.seq ?? range.place, messages.at(-1)?.seq ?? range.place - 1];
    return {
      messages: await this.#own.markMessages(userId, messages.map(toMessage)),
      users,
      head: head.seq,
      more: range.moreBefore || range.nearestFirst.some(({ seq }) => seq < first),
      moreAfter: last < head.messageSeq,
    };
  }

  /** In the order of the request, without those that do not exist. `not_member`. */
  async findMessages(request: { userId: UserId; roomId: RoomId; messageIds: readonly MessageId[] }) {
    const { roomId, userId, messageIds } = request;
    const [found] = await Promise.all([
      this.#repository.findByEntryIds(roomId, messageIds),
      this.#requireMember(roomId, userId),
    ]);
    const byId = new Map(found.filter(isMessage).map((message) => [message.entryId, message]));
    const { page, users } = await this.#fit(messageIds.flatMap((messageId) => byId.get(messageId) ?? []));
    return { messages: await this.#own.markMessages(userId, page.map(toMessage)), users };
  }

  /** Entries after the seq. `not_member`. */
  async getEvents(request: { userId: UserId; roomId: RoomId; after: number; limit: number }): Promise<EventsPage> {
    const { userId, ...range } = request;
    const [page] = await Promise.all([this.getMissedEvents(range), this.#requireMember(range.roomId, userId)]);
    return { ...page, events: await this.#own.markEvents(userId, page.events) };
  }

  /** Entries after the seq, for gateways. */
  async getMissedEvents(range: { roomId: RoomId; after: number; limit: number }): Promise<EventsPage> {
    const [entries, head] = await Promise.all([
      this.#repository.readEntries(range.roomId, range),
      this.#repository.readHead(range.roomId),
    ]);
    const references = await this.#readReferences(entries);
    const { users } = references;
    const page = fitPage(entries, (entry) => [toRoomEvent(entry, references), userFrom(users, entry.userId)]);
    return {
      events: page.map((entry) => toRoomEvent(entry, references)),
      users: userIdsOf(page).map((userId) => userFrom(users, userId)),
      // Either of the two reads may be the later one.
      head: Math.max(head.seq, page.at(-1)?.seq ?? 0),
    };
  }

  /** One head for each room, in the order of the request. */
  async getHeads(roomIds: readonly RoomId[]): Promise<Head[]> {
    const heads = new Map((await this.#repository.readHeads(roomIds)).map((head) => [head.roomId, head]));
    return roomIds.map((roomId) => heads.get(roomId) ?? emptyHead(roomId));
  }

  /** The number of messages up to each position, in the order of the request. One past the head becomes the head. */
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

  /** The messages at these positions, in the order of the request, without those that do not exist. */
  async getLastMessages(positions: readonly { roomId: RoomId; messageSeq: number }[]): Promise<LastMessage[]> {
    const found = await this.#repository.readMessagesAt(positions.filter(({ messageSeq }) => messageSeq > 0));
    const messages = new Map(found.map((entry) => [`${entry.roomId} ${entry.seq}`, toMessage(entry)]));
    return positions.flatMap(({ roomId, messageSeq }) => {
      const message = messages.get(`${roomId} ${messageSeq}`);
      return message ? [{ ...message, ...cutText(message.text) }] : [];
    });
  }

  /** The messages that fit into one page, and their authors. */
  async #fit(found: readonly MessageEntry[]): Promise<{ page: MessageEntry[]; users: User[] }> {
    const users = await this.#members.findUsers(userIdsOf(found));
    const page = fitPage<MessageEntry>(found, (entry) => [toMessage(entry), userFrom(users, entry.userId)]);
    return { page, users: userIdsOf(page).map((userId) => userFrom(users, userId)) };
  }

  /** The users of these entries, and the messages that they change, as they are now. */
  async #readReferences(entries: readonly Entry[]): Promise<EntryReferences> {
    const positions = new Map(
      entries.filter(isChange).map(({ roomId, data: { messageSeq } }) => [messageSeq, { roomId, messageSeq }]),
    );
    const [users, changed] = await Promise.all([
      this.#members.findUsers(userIdsOf(entries)),
      positions.size === 0 ? [] : this.#repository.readMessagesAt([...positions.values()]),
    ]);
    const messages: Messages = new Map(changed.map((message) => [message.entryId, message]));
    return { users, messages };
  }

  async #requireMember(roomId: RoomId, userId: UserId): Promise<void> {
    const members = await this.#members.findMembers(roomId, [userId]);
    if (!members.has(userId)) throw notMember();
  }
}

const userIdsOf = (entries: readonly Entry[]): UserId[] => [...new Set(entries.map(({ userId }) => userId))];
