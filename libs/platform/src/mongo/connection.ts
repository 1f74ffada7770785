import type { Connection, ConnectOptions } from 'mongoose';

/**
 * How every service connects. The write concern stands on the connection because insertMany and bulkWrite ignore the
 * ones of schema and call; an acknowledged write is on a majority's disks, and what is read cannot be rolled back.
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
    // A server that hangs without closing its connections is given up while somebody still waits for the answer, and
    // missed by the monitor soon after.
    socketTimeoutMS: 4_500,
    heartbeatFrequencyMS: 2_000,
  };
}

/** For migrations and whatever else walks all of it: an index over years of messages may take as long as it takes. */
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
