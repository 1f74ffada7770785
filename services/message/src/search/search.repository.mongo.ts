import { ParleyError } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';
import { mongo, type Connection } from 'mongoose';
import type { BatchChanges } from '../log/batch-changes.ts';
import { ENTRIES } from '../log/log.schema.ts';
import type { ChangeWriter } from '../log/unit-of-work.ts';
import type { MongoUnitOfWork } from '../log/unit-of-work.mongo.ts';
import type { SearchDocument, SearchPlace, SearchRepository, SearchRequest } from './search.repository.ts';
import { SEARCH_DOCUMENTS, SEARCH_PROGRESS } from './search.schema.ts';

const DUPLICATE_KEY = 11_000;
const MAX_TIME_EXPIRED = 50;
const SEARCH_WITHIN_MS = 5_000;

interface Progress {
  readonly roomId: RoomId;
  readonly seq: number;
}

export class MongoSearchRepository implements SearchRepository, ChangeWriter<MongoUnitOfWork> {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async find({ roomIds, prefixes, userId, before, limit }: SearchRequest): Promise<SearchPlace[]> {
    // The first prefix bounds the index scan. The longest is usually the rarest.
    const [first = '', ...others] = [...prefixes].sort((a, b) => b.length - a.length);
    const words = others.map((prefix) => ({ tokens: { $regex: `^${prefix}` } }));
    const found = this.#documents
      .find(
        {
          roomId: { $in: [...roomIds] },
          tokens: { $regex: `^${first}` },
          ...(userId === undefined ? {} : { userId }),
          // The empty condition keeps $and from being an empty list, which MongoDB rejects.
          $and: [{}, ...words, ...(before === undefined ? [] : [after(before)])],
        },
        { projection: { _id: 0, at: 1, seq: 1, roomId: 1 }, maxTimeMS: SEARCH_WITHIN_MS },
      )
      .hint({ roomId: 1, tokens: 1 })
      .sort({ at: -1, seq: -1, roomId: -1 })
      .limit(limit);
    try {
      return await found.toArray();
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError) || error.code !== MAX_TIME_EXPIRED) throw error;
      throw new ParleyError('unavailable', 'Too many messages match. Add words, or search one room.');
    }
  }

  async store(documents: readonly SearchDocument[]): Promise<void> {
    if (documents.length === 0) return;
    const writes = documents.map((document) => ({
      replaceOne: {
        filter: { roomId: document.roomId, seq: document.seq, version: { $lt: document.version } },
        replacement: { ...document, tokens: [...document.tokens] },
        upsert: true,
      },
    }));
    try {
      await this.#documents.bulkWrite(writes, { ordered: false });
    } catch (error) {
      // Where the stored version is not lower, the upsert clashes with the stored document.
      if (!isDuplicatesOnly(error)) throw error;
    }
  }

  async readProgress(roomIds: readonly RoomId[]): Promise<ReadonlyMap<RoomId, number>> {
    const found = await this.#progress.find({ roomId: { $in: [...roomIds] } }).toArray();
    return new Map(found.map(({ roomId, seq }) => [roomId, seq]));
  }

  async noteProgress(roomId: RoomId, seq: number): Promise<void> {
    try {
      await this.#progress.updateOne({ roomId }, { $max: { seq } }, { upsert: true });
    } catch (error) {
      // Another replica inserted the record at the same time: now there is one to update.
      if (!(error instanceof mongo.MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
      await this.#progress.updateOne({ roomId }, { $max: { seq } });
    }
  }

  /** By a DISTINCT_SCAN of {roomId, seq}: one key a room. */
  async listRooms(): Promise<RoomId[]> {
    const rooms = await this.#connection
      .collection(ENTRIES)
      .aggregate<{ _id: RoomId }>([
        { $sort: { roomId: 1, seq: 1 } },
        { $group: { _id: '$roomId', seq: { $first: '$seq' } } },
        { $project: { _id: 1 } },
      ])
      .toArray();
    return rooms.map(({ _id }) => _id);
  }

  async writeChanges(roomId: RoomId, { deleted, version }: BatchChanges, { session }: MongoUnitOfWork): Promise<void> {
    if (deleted.length === 0) return;
    const emptied = deleted.map(({ seq, userId, at }) => ({
      updateOne: { filter: { roomId, seq }, update: { $set: { userId, at, tokens: [], version } }, upsert: true },
    }));
    await this.#documents.bulkWrite(emptied, { session });
  }

  get #documents() {
    return this.#connection.collection<SearchDocument>(SEARCH_DOCUMENTS);
  }

  get #progress() {
    return this.#connection.collection<Progress>(SEARCH_PROGRESS);
  }
}

const after = ({ at, seq, roomId }: SearchPlace) => ({
  $or: [{ at: { $lt: at } }, { at, seq: { $lt: seq } }, { at, seq, roomId: { $lt: roomId } }],
});

const isDuplicatesOnly = (error: unknown): boolean =>
  error instanceof mongo.MongoBulkWriteError &&
  error.result.getWriteConcernError() === undefined &&
  [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);
