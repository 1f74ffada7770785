import { describeWith } from '@parley/testing';
import { mongoRepositories, sqliteRepositories } from '../testing/repositories.ts';
import { describeReadingRepository } from './reading.repository.contract.ts';

describeReadingRepository('SQLite', sqliteRepositories);

describeWith('mongo', 'on a real server', () => {
  describeReadingRepository('MongoDB', mongoRepositories);
});
