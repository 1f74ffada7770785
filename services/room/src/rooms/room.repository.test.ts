import { describeWith } from '@parley/testing';
import { mongoRepositories, sqliteRepositories } from '../testing/repositories.ts';
import { describeRoomRepository } from './room.repository.contract.ts';

describeRoomRepository('SQLite', sqliteRepositories);

describeWith('mongo', 'on a real server', () => {
  describeRoomRepository('MongoDB', mongoRepositories);
});
