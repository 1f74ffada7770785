import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ParleyError } from '@parley/contracts';
import type { ActionOk, LastMessage, RoomId, UserId } from '@parley/protocol';
import { fitPage } from '../history/page.ts';
import type { MessageEntry } from '../log/entry.ts';
import { LOG_REPOSITORY, type LogRepository } from '../log/log.repository.ts';
import { notMember } from '../log/append-errors.ts';
import { toMessage, userFrom } from '../log/room-event.ts';
import { MEMBERS_READER, type MembersReader } from '../members/members.reader.ts';
import { parseCursor, toCursor } from './search-cursor.ts';
import { SEARCH_REPOSITORY, type SearchPlace, type SearchRepository } from './search.repository.ts';
import { cutAround } from './snippet.ts';
import { findHit, MAX_QUERY_WORDS, parseQuery, type Query } from './words.ts';

/** Number of index queries for one page. After them the page has the hits found so far. */
const ROUNDS = 10;
const ROUND_AT_LEAST = 50;
/** UTF-16 units of messages that are compared with a query before other work gets its turn: about 5 ms. */
const TEXT_PER_TURN = 16_000;

export interface MessageSearch {
  readonly userId: UserId;
  readonly query: string;
  readonly roomId?: RoomId;
  readonly author?: UserId;
  readonly limit: number;
  /** The `next` of the previous page. */
  readonly before?: string;
}

interface Hit {
  readonly place: SearchPlace;
  readonly entry: MessageEntry;
  readonly message: LastMessage;
}

/** Finds messages by words, in the rooms of which the user is a member at that time. */
@Injectable()
export class SearchService {
  readonly #search: SearchRepository;
  readonly #log: Pick<LogRepository, 'readMessagesAt'>;
  readonly #members: MembersReader;

  constructor(
    @Inject(SEARCH_REPOSITORY) search: SearchRepository,
    @Inject(LOG_REPOSITORY) log: Pick<LogRepository, 'readMessagesAt'>,
    @Inject(MEMBERS_READER) members: MembersReader,
  ) {
    this.#search = search;
    this.#log = log;
    this.#members = members;
  }

  /** Newest first. `invalid`: a query with no word or too many, or a malformed `before`. `not_member`: of the requested room. */
  async search(request: MessageSearch): Promise<ActionOk<'search_messages'>> {
    const query = parseQuery(request.query);
    if (!query) throw new ParleyError('invalid', 'query must have a letter or a digit.');
    if (query.words.length > MAX_QUERY_WORDS) {
      throw new ParleyError('invalid', `Search for at most ${MAX_QUERY_WORDS} words.`);
    }
    const roomIds = await this.#roomsOf(request);
    const { hits, end } = await this.#collect(request, query, roomIds);
    const users = await this.#members.findUsers([...new Set(hits.map(({ entry }) => entry.userId))]);
    const page = fitPage(hits, ({ message, entry }) => [message, userFrom(users, entry.userId)]);
    const next = page.length < hits.length ? page.at(-1)?.place : end;
    return {
      messages: page.map(({ message }) => message),
      users: [...new Set(page.map(({ entry }) => entry.userId))].map((userId) => userFrom(users, userId)),
      ...(next === undefined ? {} : { next: toCursor(next) }),
    };
  }

  async #roomsOf({ userId, roomId }: MessageSearch): Promise<readonly RoomId[]> {
    if (roomId === undefined) return this.#members.findRoomIds(userId);
    if (!(await this.#members.findMembers(roomId, [userId])).has(userId)) throw notMember();
    return [roomId];
  }

  /** Up to the limit. `end`: the position after which the search can continue, if any. */
  async #collect(
    { author, limit, before }: MessageSearch,
    query: Query,
    roomIds: readonly RoomId[],
  ): Promise<{ hits: Hit[]; end?: SearchPlace }> {
    const hits: Hit[] = [];
    let place = before === undefined ? undefined : parseCursor(before);
    if (roomIds.length === 0) return { hits };
    for (let round = 0; round < ROUNDS; round += 1) {
      const wanted = Math.max(limit - hits.length, ROUND_AT_LEAST);
      const places = await this.#search.find({
        ...{ roomIds, prefixes: query.prefixes, limit: wanted },
        ...(author === undefined ? {} : { userId: author }),
        ...(place === undefined ? {} : { before: place }),
      });
      hits.push(...(await this.#confirm(places, query)));
      if (hits.length > limit || (hits.length === limit && places.length === wanted)) {
        const page = hits.slice(0, limit);
        const last = page.at(-1);
        return last ? { hits: page, end: last.place } : { hits: page };
      }
      if (places.length < wanted) return { hits };
      place = places.at(-1);
    }
    return place === undefined ? { hits } : { hits, end: place };
  }

  /** The index lags behind the log: only messages whose current text matches are hits. */
  async #confirm(places: readonly SearchPlace[], query: Query): Promise<Hit[]> {
    const found = await this.#log.readMessagesAt(places.map(({ roomId, seq }) => ({ roomId, messageSeq: seq })));
    const entries = new Map(found.map((entry) => [`${entry.roomId} ${entry.seq}`, entry]));
    const hits: Hit[] = [];
    let compared = 0;
    for (const place of places) {
      const entry = entries.get(`${place.roomId} ${place.seq}`);
      if (!entry) continue;
      const hit = findHit(entry.data.text, query);
      compared += entry.data.text.length;
      if (compared >= TEXT_PER_TURN) {
        await yieldToOthers();
        compared = 0;
      }
      if (hit === undefined) continue;
      const message = toMessage(entry);
      hits.push({ place, entry, message: { ...message, ...cutAround(message.text, hit) } });
    }
    return hits;
  }
}
