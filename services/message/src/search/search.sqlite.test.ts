import { openSqliteStore } from '../testing/stores.ts';
import { describeSearch } from './search.contract.ts';

describeSearch('SQLite', openSqliteStore);
