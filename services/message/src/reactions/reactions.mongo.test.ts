import { describeWith, sharedMongo } from '@parley/testing';
import { openMongoStore } from '../testing/stores.ts';
import { describeReactions } from './reactions.contract.ts';

describeWith('mongo', 'MongoDB', () => {
  describeReactions('MongoDB', async () => openMongoStore((await sharedMongo()).databaseUrl()));
});
