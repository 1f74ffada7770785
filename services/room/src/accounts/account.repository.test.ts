import { describeWith } from '@parley/testing';
import { mongoRepositories, sqliteRepositories } from '../testing/repositories.ts';
import { describeAccountRepository } from './account.repository.contract.ts';

describeAccountRepository('SQLite', sqliteRepositories);

describeWith('mongo', 'on a real server', () => {
  describeAccountRepository('MongoDB', mongoRepositories);
});
