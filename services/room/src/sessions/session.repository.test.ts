import { describeWith } from '@parley/testing';
import { mongoRepositories, sqliteRepositories } from '../testing/repositories.ts';
import { describeSessionRepository } from './session.repository.contract.ts';

describeSessionRepository('SQLite', sqliteRepositories);

describeWith('mongo', 'on a real server', () => {
  describeSessionRepository('MongoDB', mongoRepositories);
});
