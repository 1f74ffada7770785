import { describeWith, sharedMongo } from '@parley/testing';
import { describeChanges } from './changes.contract.ts';
import { openMongoStore } from '../testing/stores.ts';

describeWith('mongo', 'MongoDB', () => {
  describeChanges('MongoDB', async () => openMongoStore((await sharedMongo()).databaseUrl()));
});
