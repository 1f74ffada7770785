import { ParleyError } from '@parley/contracts';
import { mongo } from 'mongoose';
import type { Logger } from '../logger.ts';
import type { Procedures } from '../rpc/server.ts';

const LABELS = ['RetryableWriteError', 'TransientTransactionError', 'UnknownTransactionCommitResult'];
/** No primary, stepping down, shutting down, too slow for its time limit, without a majority. */
const OUTAGE_CODES = new Set([
  6, 7, 50, 64, 89, 91, 100, 112, 134, 189, 202, 251, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

/** Whether the same may succeed in a moment: the database cannot be reached, changes its primary or has no majority. */
function isOutage(error: unknown): boolean {
  if (error instanceof mongo.MongoServerError) {
    // A bulk write takes the place of whatever ended it, of a connection that broke, too.
    if (error instanceof mongo.MongoBulkWriteError && isOutage(error.errorResponse)) return true;
    return LABELS.some((label) => error.hasErrorLabel(label)) || OUTAGE_CODES.has(Number(error.code));
  }
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError
  );
}

/** The API over MongoDB: what its methods cannot do during an outage of the database is `unavailable`, and logged. */
export function answerDuringOutages<Api extends Procedures<Api>>(
  api: Api,
  methods: readonly (keyof Api & string)[],
  logger: Logger,
): Api {
  const calls = methods.map((method) => {
    const call = async (request: never): Promise<unknown> => {
      try {
        return await api[method](request);
      } catch (error) {
        if (!isOutage(error)) throw error;
        logger.warn({ err: error, method }, 'MongoDB could not be worked with.');
        throw new ParleyError('unavailable', 'The database does not answer. Try again in a moment.', { cause: error });
      }
    };
    return [method, call] as const;
  });
  return Object.fromEntries(calls) as Api;
}
