import { describeWith } from '@parley/testing';
import { mongoRepositories, sqliteRepositories } from '../testing/repositories.ts';
import { describeAnnouncementRepository } from './announcement.repository.contract.ts';

describeAnnouncementRepository('SQLite', sqliteRepositories);

describeWith('mongo', 'on a real server', () => {
  describeAnnouncementRepository('MongoDB', mongoRepositories);
});
