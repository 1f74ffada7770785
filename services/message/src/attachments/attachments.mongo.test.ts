import { describeWith, sharedMongo } from '@parley/testing';
import { openMongoStore } from '../testing/stores.ts';
import { describeAttachments } from './attachments.contract.ts';

describeWith('mongo', 'MongoDB', () => {
  describeAttachments('MongoDB and GridFS', async () => openMongoStore((await sharedMongo()).databaseUrl()));
});
