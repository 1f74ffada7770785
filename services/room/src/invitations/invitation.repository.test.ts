import { describeWith } from '@parley/testing';
import { mongoRepositories, sqliteRepositories } from '../testing/repositories.ts';
import { describeInvitationRepository } from './invitation.repository.contract.ts';

describeInvitationRepository('SQLite', sqliteRepositories);

describeWith('mongo', 'on a real server', () => {
  describeInvitationRepository('MongoDB', mongoRepositories);
});
