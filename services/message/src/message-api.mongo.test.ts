import { describeWith, sharedMongo } from '@parley/testing';
import { describeMessageApi } from './message-api.contract.ts';
import { openMongoStore } from './testing/stores.ts';

describeWith('mongo', 'MongoDB', () => {
  describeMessageApi('MongoDB', async () => openMongoStore((await sharedMongo()).databaseUrl()));
});
