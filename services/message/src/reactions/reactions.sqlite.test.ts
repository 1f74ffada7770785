import { openSqliteStore } from '../testing/stores.ts';
import { describeReactions } from './reactions.contract.ts';

describeReactions('SQLite', openSqliteStore);
