import { describeWith, sharedMongo } from '@parley/testing';
import { openMongoStore } from '../testing/stores.ts';
import { describeMentions } from './mentions.contract.ts';

describeWith('mongo', 'MongoDB', () => {
  describeMentions('MongoDB', async () => openMongoStore((await sharedMongo()).databaseUrl()));
});
