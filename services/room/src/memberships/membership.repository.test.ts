import { describeWith } from '@parley/testing';
import { mongoRepositories, sqliteRepositories } from '../testing/repositories.ts';
import { describeMembershipRepository } from './membership.repository.contract.ts';

describeMembershipRepository('SQLite', sqliteRepositories);

describeWith('mongo', 'on a real server', () => {
  describeMembershipRepository('MongoDB', mongoRepositories);
});
