import { mongo } from 'mongoose';
import { expect, test } from 'vitest';
import { answerDuringOutages } from './outages.ts';

const logger = { warn: () => undefined } as never;
const failingWith = (error: Error) => answerDuringOutages({ ask: () => Promise.reject(error) }, ['ask'], logger);

/** The error of the driver for a bulk write that another error ended. */
const bulk = (cause: Error): Error => new mongo.MongoBulkWriteError(cause, {} as mongo.BulkWriteResult);

const OUTAGES: readonly Error[] = [
  new mongo.MongoNetworkError('read ECONNRESET'),
  bulk(new mongo.MongoNetworkError('read ECONNRESET')),
  bulk(new mongo.MongoServerError({ message: 'not primary', code: 10107 })),
];

test.each(OUTAGES)('an error of an outage of the database is unavailable: $name $message', async (error) => {
  await expect(failingWith(error).ask()).rejects.toMatchObject({ code: 'unavailable', cause: error });
});

test.each([bulk(new mongo.MongoServerError({ message: 'E11000', code: 11000 })), new TypeError('a fault of ours')])(
  'anything else is passed on as it is: $name',
  async (error) => {
    await expect(failingWith(error).ask()).rejects.toBe(error);
  },
);
