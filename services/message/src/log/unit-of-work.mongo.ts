import type { ClientSession, Connection } from 'mongoose';

const TRANSACTION = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 3_000 },
} as const;

/** Every command of a feature passes the session, which makes it part of the transaction. */
export interface MongoUnitOfWork {
  readonly session: ClientSession;
}

/** Thrown by runUnitOfWork where the work failed before the commit: nothing of it is stored. */
export class NothingStoredError extends Error {
  constructor(cause: unknown) {
    super('The transaction failed before its commit.', { cause });
  }
}

/** Commits what the work writes. After any error but NothingStoredError all of it may be stored or may yet become so. */
export function runUnitOfWork(
  connection: Connection,
  work: (unitOfWork: MongoUnitOfWork) => Promise<void>,
): Promise<void> {
  return connection.getClient().withSession(async (session) => {
    session.startTransaction(TRANSACTION);
    try {
      await work({ session });
    } catch (error) {
      throw new NothingStoredError(error);
    }
    await session.commitTransaction();
  });
}
