import { describeWith, sharedMongo } from '@parley/testing';
import { describeUnknownEntries } from './unknown-entries.contract.ts';
import { openMongoStore } from './testing/stores.ts';

describeWith('mongo', 'MongoDB', () => {
  describeUnknownEntries('MongoDB', async () => openMongoStore((await sharedMongo()).databaseUrl()));
});
