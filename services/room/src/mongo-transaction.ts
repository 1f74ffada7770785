import type { Connection, mongo } from 'mongoose';

/**
 * Runs `work` in a transaction that is journalled on a majority when it resolves. `work` is run again after a write
 * conflict or a failover, so it must have no effect outside the session.
 */
export function inTransaction<Result>(
  connection: Connection,
  work: (session: mongo.ClientSession) => Promise<Result>,
): Promise<Result> {
  return connection.withSession((session) =>
    session.withTransaction(() => work(session), {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: 3_000 },
    }),
  );
}
