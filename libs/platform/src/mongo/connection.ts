import type { Connection, ConnectOptions } from 'mongoose';

/**
 * The options of every service's connection. The write concern is set here because insertMany and bulkWrite ignore those
 * of the schema and of the call. An acknowledged write is on the disks of a majority, and a read cannot be rolled back.
 */
export function mongoConnectionOptions(): ConnectOptions {
  return {
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: 3_000 },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    serverSelectionTimeoutMS: 4_000,
    connectTimeoutMS: 4_000,
    // A server that hangs without closing its connections must time out before the caller does; the monitor notices it
    // soon after.
    socketTimeoutMS: 4_500,
    heartbeatFrequencyMS: 2_000,
  };
}

/** For migrations and other work over all data: an index over years of messages has no time limit. */
export function mongoMigrationOptions(): ConnectOptions {
  return { ...mongoConnectionOptions(), writeConcern: { w: 'majority', journal: true }, socketTimeoutMS: 0 };
}

/** Whether the primary answers now. */
export async function isMongoReachable({ db }: Connection): Promise<boolean> {
  try {
    await db?.command({ ping: 1 });
    return db !== undefined;
  } catch {
    return false;
  }
}
