import { describeChanges } from './changes.contract.ts';
import { openSqliteStore } from '../testing/stores.ts';

describeChanges('SQLite', openSqliteStore);
