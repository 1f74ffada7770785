import type { Connection, mongo } from 'mongoose';

/**
 * All of it or nothing, on a majority's disks once resolved. `work` runs again from its beginning when the transaction
 * meets another that changes the same documents, or a failover: it must have no effect but through the session.
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
