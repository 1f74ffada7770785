import { ParleyError } from '@parley/contracts';
import { mongo } from 'mongoose';
import type { Logger } from '../logger.ts';
import type { Procedures } from '../rpc/server.ts';

const LABELS = ['RetryableWriteError', 'TransientTransactionError', 'UnknownTransactionCommitResult'];
/** No primary, stepping down, shutting down, over the time limit, no majority. */
const OUTAGE_CODES = new Set([
  6, 7, 50, 64, 89, 91, 100, 112, 134, 189, 202, 251, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

/** Whether a retry may succeed soon: the database cannot be reached, changes its primary or has no majority. */
function isOutage(error: unknown): boolean {
  if (error instanceof mongo.MongoServerError) {
    // The error of a bulk write hides its cause, such as a broken connection.
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

/** Wraps an API over MongoDB: calls that fail because of an outage of the database are logged and `unavailable`. */
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
        logger.warn({ err: error, method }, 'A call failed because of an outage of MongoDB.');
        throw new ParleyError('unavailable', 'The database does not answer. Try again in a moment.', { cause: error });
      }
    };
    return [method, call] as const;
  });
  return Object.fromEntries(calls) as Api;
}
