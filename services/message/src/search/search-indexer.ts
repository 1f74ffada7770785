import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, type Logger } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import { isChange, isMessage, type Entry, type MessageEntry } from '../log/entry.ts';
import { LOG_REPOSITORY, type LogRepository } from '../log/log.repository.ts';
import { SEARCH_REPOSITORY, type SearchDocument, type SearchRepository } from './search.repository.ts';
import { tokensOf } from './words.ts';

/** Entries written within this time are indexed together. */
const COLLECT_MS = 200;
/** While messages are being written, the indexer rests this many times as long as it works. */
const REST_FACTOR = 9;
const SWEEP_EVERY_MS = 5 * 60_000;
const ENTRIES_AT_A_TIME = 500;
const ROOMS_AT_A_TIME = 500;

/**
 * Indexes the logs of rooms: soon after this process wrote to one, and every few minutes all that any replica wrote. This
 * includes entries that a crash left out or that the previous release wrote. Nothing waits for the indexer.
 */
@Injectable()
export class SearchIndexer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log: Pick<LogRepository, 'readEntries' | 'readMessagesAt' | 'readHeads'>;
  readonly #search: SearchRepository;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #noted = new Set<RoomId>();
  #timer: NodeJS.Timeout | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    @Inject(LOG_REPOSITORY) log: Pick<LogRepository, 'readEntries' | 'readMessagesAt' | 'readHeads'>,
    @Inject(SEARCH_REPOSITORY) search: SearchRepository,
    @Inject(LOGGER) logger: Pick<Logger, 'warn'>,
  ) {
    this.#log = log;
    this.#search = search;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#sweeper = setInterval(() => {
      void this.#attempt(() => this.sweep());
    }, SWEEP_EVERY_MS).unref();
    void this.#attempt(() => this.sweep());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    clearTimeout(this.#timer);
    await this.#working;
  }

  /** The room's log has new entries. */
  note(roomId: RoomId): void {
    if (this.#closed) return;
    this.#noted.add(roomId);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#attempt(() => this.catchUp());
    }, COLLECT_MS);
  }

  /** Indexes the noted rooms. */
  async catchUp(): Promise<void> {
    const roomIds = [...this.#noted];
    this.#noted.clear();
    await this.#index(roomIds);
  }

  /** Indexes whatever is not yet indexed, in all rooms. */
  async sweep(): Promise<void> {
    const roomIds = await this.#search.listRooms();
    for (let start = 0; start < roomIds.length && !this.#closed; start += ROOMS_AT_A_TIME) {
      await this.#index(roomIds.slice(start, start + ROOMS_AT_A_TIME));
    }
  }

  /** Runs one task after the other, so that this process indexes no entry twice. The next sweep repairs a failure. */
  #attempt(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(work).catch((error: unknown) => {
      if (!this.#closed)
        this.#logger.warn({ err: error }, 'Failed to update the search index; the next sweep retries.');
    });
    return this.#working;
  }

  async #index(roomIds: readonly RoomId[]): Promise<void> {
    if (roomIds.length === 0) return;
    const [progress, heads] = await Promise.all([this.#search.readProgress(roomIds), this.#log.readHeads(roomIds)]);
    for (const { roomId, seq } of heads) {
      const done = progress.get(roomId) ?? 0;
      if (done < seq && !this.#closed) await this.#indexRoom(roomId, done);
    }
  }

  async #indexRoom(roomId: RoomId, done: number): Promise<void> {
    let after = done;
    while (!this.#closed) {
      const start = performance.now();
      const entries = await this.#log.readEntries(roomId, { after, limit: ENTRIES_AT_A_TIME });
      const version = entries.at(-1)?.seq;
      if (version === undefined) return;
      const messages = await this.#readMessages(entries);
      await this.#search.store(messages.map((message) => toDocument(message, version)));
      await this.#search.noteProgress(roomId, version);
      after = version;
      // Writing messages comes first on a machine with little processor time to spare.
      if (this.#noted.size > 0) await delay(REST_FACTOR * (performance.now() - start), undefined, { ref: false });
      if (entries.length < ENTRIES_AT_A_TIME) return;
    }
  }

  /** Every message that the entries created or changed, as it is now. */
  async #readMessages(entries: readonly Entry[]): Promise<MessageEntry[]> {
    const messages = new Map(entries.filter(isMessage).map((message) => [message.seq, message]));
    const changed = entries
      .filter(isChange)
      .filter(({ event }) => event !== 'reaction_changed')
      .map(({ roomId, data: { messageSeq } }) => ({ roomId, messageSeq }));
    const now = changed.length === 0 ? [] : await this.#log.readMessagesAt(changed);
    for (const message of now) messages.set(message.seq, message);
    return [...messages.values()];
  }
}

const toDocument = ({ roomId, seq, userId, at, data }: MessageEntry, version: number): SearchDocument => ({
  ...{ roomId, seq, userId, at, version },
  tokens: tokensOf(data.text),
});
