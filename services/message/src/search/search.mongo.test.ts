import { describeWith, sharedMongo } from '@parley/testing';
import { openMongoStore } from '../testing/stores.ts';
import { describeSearch } from './search.contract.ts';

describeWith('mongo', 'MongoDB', () => {
  describeSearch('MongoDB', async () => openMongoStore((await sharedMongo()).databaseUrl()));
});
