import { describeWith } from '@parley/testing';
import { mongoRepositories, sqliteRepositories } from '../testing/repositories.ts';
import { describeReadPositionRepository } from './read-position.repository.contract.ts';

describeReadPositionRepository('SQLite', sqliteRepositories);

describeWith('mongo', 'on a real server', () => {
  describeReadPositionRepository('MongoDB', mongoRepositories);
});
