import type { MessageId, RoomEvent, RoomId, User, UserId } from '@parley/protocol';
import { createConnection, type Connection, type ConnectOptions } from 'mongoose';
import { isMessage, type Entry, type MessageEntry } from '../../services/message/src/log/entry.ts';
import { toRoomEvent } from '../../services/message/src/log/room-event.ts';

/** The collection of the rooms' logs. */
const ENTRIES = 'entries';

/** Parley's database, read past Parley. */
export class Database {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async open(url: string, options: ConnectOptions = {}): Promise<Database> {
    return new Database(await createConnection(url, options).asPromise());
  }

  /** What a majority has of all logs, by seq; `users` are all the people there are. */
  async readLogs(users: ReadonlyMap<UserId, User>, collection = ENTRIES): Promise<Map<RoomId, RoomEvent[]>> {
    const entries = this.#entries(collection).find({}, { readConcern: { level: 'majority' } });
    const logs = new Map<RoomId, RoomEvent[]>();
    let messages = new Map<MessageId, MessageEntry>();
    for await (const entry of entries.sort({ roomId: 1, seq: 1 })) {
      if (!logs.has(entry.roomId)) messages = new Map();
      const log = logs.get(entry.roomId) ?? [];
      logs.set(entry.roomId, log);
      // What changes a message stands behind it.
      if (isMessage(entry)) messages.set(entry.entryId, entry);
      log.push(toRoomEvent(entry, { users, messages }));
    }
    return logs;
  }

  /** The entries under another name, without the indexes that forbid nonsense. */
  async copyEntries(name: string) {
    await this.#entries(ENTRIES)
      .aggregate([{ $unset: '_id' }, { $out: name }])
      .toArray();
    return this.#entries(name);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #entries(name: string) {
    return this.#connection.getClient().db(this.#connection.name).collection<Entry>(name);
  }
}
