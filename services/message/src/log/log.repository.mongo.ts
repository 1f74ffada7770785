import type { Head, Place } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';
import { mongo, type ClientSession } from 'mongoose';
import { applyChanges } from './changes.mongo.ts';
import type { BatchChanges } from './batch-changes.ts';
import { isMessage, type Entry, type MessageEntry } from './entry.ts';
import type { EntryModel } from './entry.schema.ts';
import { emptyHead, type InsertResult, type LogRepository } from './log.repository.ts';

const DUPLICATE_KEY = 11_000;
const WRITE_CONFLICT = 112;
const TRANSACTION = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 3_000 },
} as const;
const ROOMS_PER_QUERY = 1_000;
/** As long as an insert waits for its majority. */
const SETTLED_WITHIN_MS = 3_000;
const NO_ID = { _id: 0 } as const;

/** Read and write concern are those of the connection: those of a schema or a call do not reach insertMany. */
export class MongoLogRepository implements LogRepository {
  readonly #entries: EntryModel;

  constructor(entries: EntryModel) {
    this.#entries = entries;
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

  /** The collection itself: the model's validation and hydration cost six times the insert's own work. */
  async #insert(entries: readonly Entry[], options: { session?: ClientSession } = {}): Promise<void> {
    await this.#entries.collection.insertMany(
      entries.map((entry) => ({ ...entry })),
      { ordered: true, ...options },
    );
  }

  /**
   * Nothing is read in the transaction: whoever changes a message of the room takes a seq with it, so this seq being
   * free says that what was read before still stands. The insert comes last, for until the commit it holds up others.
   */
  #insertWithChanges(roomId: RoomId, entries: readonly Entry[], changes: BatchChanges): Promise<InsertResult> {
    return this.#entries.db.getClient().withSession(async (session) => {
      session.startTransaction(TRANSACTION);
      try {
        await applyChanges(this.#entries.db, roomId, changes, session);
        await this.#insert(entries, { session });
      } catch (error) {
        // Before the commit: whatever it was, nothing has happened.
        if (isLostRace(error)) return { kind: 'clash', index: 0 };
        throw error;
      }
      await session.commitTransaction();
      return { kind: 'stored' };
    });
  }

  readHead(roomId: RoomId): Promise<Head> {
    return this.#findHead(roomId);
  }

  /**
   * A plain majority read does not see another replica's insert that is in flight and then loses to it: under load
   * one of two replicas was starved until it gave up. The ping tells the primary's time, for the read to wait for.
   */
  readSettledHead(roomId: RoomId): Promise<Head> {
    return this.#entries.db.getClient().withSession({ causalConsistency: true }, async (session) => {
      await this.#entries.db.db?.command({ ping: 1 }, { session });
      return this.#findHead(roomId, { session, maxTimeMS: SETTLED_WITHIN_MS });
    });
  }

  async #findHead(roomId: RoomId, options: { session?: ClientSession; maxTimeMS?: number } = {}): Promise<Head> {
    const head = await this.#entries
      .findOne({ roomId }, HEAD_FIELDS, options)
      .sort({ roomId: -1, seq: -1 })
      .lean<Head>();
    return head ?? emptyHead(roomId);
  }

  async readHeads(roomIds: readonly RoomId[]): Promise<Head[]> {
    const heads: Head[] = [];
    for (let start = 0; start < roomIds.length; start += ROOMS_PER_QUERY) {
      heads.push(
        ...(await this.#entries.aggregate<Head>(headsPipeline(roomIds.slice(start, start + ROOMS_PER_QUERY)))),
      );
    }
    return heads;
  }

  findByEntryIds(roomId: RoomId, entryIds: readonly string[]): Promise<Entry[]> {
    return this.#entries.find({ roomId, entryId: { $in: [...entryIds] } }, NO_ID).lean<Entry[]>();
  }

  readEntries(roomId: RoomId, { after, limit }: { after: number; limit: number }): Promise<Entry[]> {
    return this.#entries
      .find({ roomId, seq: { $gt: after } }, NO_ID)
      .sort({ seq: 1 })
      .limit(limit)
      .lean<Entry[]>();
  }

  readMessages(roomId: RoomId, { before, limit }: { before: number; limit: number }): Promise<MessageEntry[]> {
    return this.#entries
      .find({ roomId, seq: { $lt: before }, event: 'message_created' }, NO_ID)
      .sort({ seq: -1 })
      .limit(limit)
      .lean<MessageEntry[]>();
  }

  async readCounts(positions: readonly { roomId: RoomId; seq: number }[]): Promise<Place[]> {
    if (positions.length === 0) return [];
    const places = positions.map(({ roomId, seq }) => ({ roomId, seq }));
    return this.#entries
      .find({ $or: places }, { _id: 0, roomId: 1, seq: 1, count: 1 })
      .hint({ roomId: 1, seq: 1 })
      .lean<Place[]>();
  }

  readMessagesFrom(
    roomId: RoomId,
    { from, to, limit }: { from: number; to: number; limit: number },
  ): Promise<MessageEntry[]> {
    return this.#entries
      .find({ roomId, seq: { $gte: from, $lte: to }, event: 'message_created' }, NO_ID)
      .sort({ seq: 1 })
      .limit(limit)
      .lean<MessageEntry[]>();
  }

  async readMessagesAt(positions: readonly { roomId: RoomId; messageSeq: number }[]): Promise<MessageEntry[]> {
    if (positions.length === 0) return [];
    const places = positions.map(({ roomId, messageSeq }) => ({ roomId, seq: messageSeq }));
    // Without the hint each of up to 1,000 branches is planned by a trial of both indexes.
    const entries = await this.#entries.find({ $or: places }, NO_ID).hint({ roomId: 1, seq: 1 }).lean<MessageEntry[]>();
    return entries.filter(isMessage);
  }
}

const HEAD_FIELDS = { _id: 0, roomId: 1, seq: 1, count: 1, memberDelta: 1, messageSeq: 1, at: 1 } as const;

/**
 * The last entry of each room by a DISTINCT_SCAN of {roomId, seq}: one key a room. $max in the place of $first, or
 * another direction of the sort, reads every entry (measured: 230 ms in the place of 2.4).
 */
export function headsPipeline(
  roomIds: readonly RoomId[],
): mongo.BSON.Document[] & Parameters<EntryModel['aggregate']>[0] {
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
 * Where a batch clashed, if that is all that happened. With a write concern error beside it the same clash comes as
 * code 64 with no writeErrors and a wrong insertedDocs: then nothing is certain.
 */
function cleanClash(error: unknown): number | undefined {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.code !== DUPLICATE_KEY) return undefined;
  if (error.result.getWriteConcernError() !== undefined) return undefined;
  const faults = [error.writeErrors].flat();
  const [fault] = faults;
  return faults.length === 1 && fault?.code === DUPLICATE_KEY ? fault.index : undefined;
}

/** Another writer has the seq, or is just about to have it, or changes one of the messages. */
const isLostRace = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && (error.code === DUPLICATE_KEY || error.code === WRITE_CONFLICT);
