import { describeWith } from '@parley/testing';
import { mongoRepositories, sqliteRepositories } from '../testing/repositories.ts';
import { describeContactRepository } from './contact.repository.contract.ts';

describeContactRepository('SQLite', sqliteRepositories);

describeWith('mongo', 'on a real server', () => {
  describeContactRepository('MongoDB', mongoRepositories);
});
