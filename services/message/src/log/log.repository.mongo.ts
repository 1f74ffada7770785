import type { Head, Place } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';
import { mongo, type ClientSession, type Connection } from 'mongoose';
import type { BatchChanges } from './batch-changes.ts';
import { isMessage, type Entry, type MessageEntry } from './entry.ts';
import { ENTRIES, type StoredEntry } from './log.schema.ts';
import { emptyHead, type InsertResult, type LogRepository } from './log.repository.ts';
import type { ChangeWriter } from './unit-of-work.ts';
import { NothingStoredError, runUnitOfWork, type MongoUnitOfWork } from './unit-of-work.mongo.ts';

const DUPLICATE_KEY = 11_000;
const WRITE_CONFLICT = 112;
const ROOMS_PER_QUERY = 1_000;
/** As long as an insert waits for its majority. */
const SETTLED_WITHIN_MS = 3_000;
const NO_ID = { projection: { _id: 0 } } as const;

/** Read and write concern are those of the connection. */
export class MongoLogRepository implements LogRepository {
  readonly #connection: Connection;
  readonly #changeWriters: readonly ChangeWriter<MongoUnitOfWork>[];

  constructor(connection: Connection, changeWriters: readonly ChangeWriter<MongoUnitOfWork>[]) {
    this.#connection = connection;
    this.#changeWriters = changeWriters;
  }

  async insertBatch(entries: readonly Entry[], changes?: BatchChanges): Promise<InsertResult> {
    const [first] = entries;
    if (first && changes) return this.#insertWithChanges(first.roomId, entries, changes);
    try {
      await this.#insert(entries);
      return { kind: 'stored' };
    } catch (error) {
      const index = cleanClash(error);
      if (index === undefined) throw error;
      return { kind: 'clash', index };
    }
  }

  async #insert(entries: readonly Entry[], options: { session?: ClientSession } = {}): Promise<void> {
    await this.#entries.insertMany(
      entries.map((entry) => ({ ...entry })),
      { ordered: true, ...options },
    );
  }

  /**
   * The transaction reads nothing: every change of a message takes a seq of its room, so a free seq proves that what was
   * read before is still true. The insert comes last, since until the commit it blocks other writers of the room.
   */
  async #insertWithChanges(roomId: RoomId, entries: readonly Entry[], changes: BatchChanges): Promise<InsertResult> {
    try {
      await runUnitOfWork(this.#connection, async (unitOfWork) => {
        await this.#updateMessages(roomId, changes, unitOfWork);
        for (const writer of this.#changeWriters) await writer.writeChanges(roomId, changes, unitOfWork);
        await this.#insert(entries, unitOfWork);
      });
      return { kind: 'stored' };
    } catch (error) {
      if (!(error instanceof NothingStoredError)) throw error;
      if (isLostRace(error.cause)) return { kind: 'clash', index: 0 };
      throw error.cause;
    }
  }

  async #updateMessages(roomId: RoomId, { messages }: BatchChanges, { session }: MongoUnitOfWork): Promise<void> {
    if (messages.length === 0) return;
    const updates = messages.map(({ seq, data }) => ({
      updateOne: { filter: { roomId, seq }, update: { $set: { data: { ...data } } } },
    }));
    await this.#entries.bulkWrite(updates, { session });
  }

  readHead(roomId: RoomId): Promise<Head> {
    return this.#findHead(roomId);
  }

  /**
   * A plain majority read does not include another replica's insert that is in flight, and the next insert then clashes
   * with it: under load one of two replicas starved until it gave up. The ping returns the primary's time, and the
   * causally consistent read waits for it.
   */
  readSettledHead(roomId: RoomId): Promise<Head> {
    return this.#connection.getClient().withSession({ causalConsistency: true }, async (session) => {
      await this.#connection.db?.command({ ping: 1 }, { session });
      return this.#findHead(roomId, { session, maxTimeMS: SETTLED_WITHIN_MS });
    });
  }

  async #findHead(roomId: RoomId, options: { session?: ClientSession; maxTimeMS?: number } = {}): Promise<Head> {
    const head = await this.#entries.findOne<Head>(
      { roomId },
      { ...options, projection: HEAD_FIELDS, sort: { roomId: -1, seq: -1 } },
    );
    return head ?? emptyHead(roomId);
  }

  async readHeads(roomIds: readonly RoomId[]): Promise<Head[]> {
    const heads: Head[] = [];
    for (let start = 0; start < roomIds.length; start += ROOMS_PER_QUERY) {
      heads.push(
        ...(await this.#entries
          .aggregate<Head>(headsPipeline(roomIds.slice(start, start + ROOMS_PER_QUERY)))
          .toArray()),
      );
    }
    return heads;
  }

  findByEntryIds(roomId: RoomId, entryIds: readonly string[]): Promise<Entry[]> {
    return this.#entries.find<Entry>({ roomId, entryId: { $in: [...entryIds] } }, NO_ID).toArray();
  }

  readEntries(roomId: RoomId, { after, limit }: { after: number; limit: number }): Promise<Entry[]> {
    return this.#entries
      .find<Entry>({ roomId, seq: { $gt: after } }, NO_ID)
      .sort({ seq: 1 })
      .limit(limit)
      .toArray();
  }

  readMessages(roomId: RoomId, { before, limit }: { before: number; limit: number }): Promise<MessageEntry[]> {
    return this.#entries
      .find<MessageEntry>({ roomId, seq: { $lt: before }, event: 'message_created' }, NO_ID)
      .sort({ seq: -1 })
      .limit(limit)
      .toArray();
  }

  async readCounts(positions: readonly { roomId: RoomId; seq: number }[]): Promise<Place[]> {
    if (positions.length === 0) return [];
    const places = positions.map(({ roomId, seq }) => ({ roomId, seq }));
    return this.#entries
      .find<Place>({ $or: places }, { projection: { _id: 0, roomId: 1, seq: 1, count: 1 } })
      .hint({ roomId: 1, seq: 1 })
      .toArray();
  }

  readMessagesFrom(
    roomId: RoomId,
    { from, to, limit }: { from: number; to: number; limit: number },
  ): Promise<MessageEntry[]> {
    return this.#entries
      .find<MessageEntry>({ roomId, seq: { $gte: from, $lte: to }, event: 'message_created' }, NO_ID)
      .sort({ seq: 1 })
      .limit(limit)
      .toArray();
  }

  async readMessagesAt(positions: readonly { roomId: RoomId; messageSeq: number }[]): Promise<MessageEntry[]> {
    if (positions.length === 0) return [];
    const places = positions.map(({ roomId, messageSeq }) => ({ roomId, seq: messageSeq }));
    // Without the hint each of up to 1,000 branches is planned by a trial of both indexes.
    const entries = await this.#entries.find<Entry>({ $or: places }, NO_ID).hint({ roomId: 1, seq: 1 }).toArray();
    return entries.filter(isMessage);
  }

  get #entries() {
    return this.#connection.collection<StoredEntry>(ENTRIES);
  }
}

const HEAD_FIELDS = { _id: 0, roomId: 1, seq: 1, count: 1, memberDelta: 1, messageSeq: 1, at: 1 } as const;

/**
 * The last entry of each room by a DISTINCT_SCAN of {roomId, seq}: one key a room. With $max instead of $first, or with
 * another direction of the sort, MongoDB reads every entry (measured: 230 ms instead of 2.4).
 */
export function headsPipeline(roomIds: readonly RoomId[]): mongo.BSON.Document[] {
  return [
    { $match: { roomId: { $in: [...roomIds] } } },
    { $sort: { roomId: -1, seq: -1 } },
    {
      $group: {
        _id: '$roomId',
        seq: { $first: '$seq' },
        count: { $first: '$count' },
        memberDelta: { $first: '$memberDelta' },
        messageSeq: { $first: '$messageSeq' },
        at: { $first: '$at' },
      },
    },
    { $project: { ...HEAD_FIELDS, roomId: '$_id' } },
  ];
}

/**
 * The index of the entry that clashed, if nothing else went wrong. With a write concern error the driver reports the
 * same clash as code 64 without writeErrors and with a wrong insertedDocs: the result is then uncertain.
 */
function cleanClash(error: unknown): number | undefined {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.code !== DUPLICATE_KEY) return undefined;
  if (error.result.getWriteConcernError() !== undefined) return undefined;
  const faults = [error.writeErrors].flat();
  const [fault] = faults;
  return faults.length === 1 && fault?.code === DUPLICATE_KEY ? fault.index : undefined;
}

/** Another writer has taken the seq, is about to take it, or changes one of the messages. */
const isLostRace = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && (error.code === DUPLICATE_KEY || error.code === WRITE_CONFLICT);
