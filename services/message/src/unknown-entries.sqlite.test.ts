import { describeUnknownEntries } from './unknown-entries.contract.ts';
import { openSqliteStore } from './testing/stores.ts';

describeUnknownEntries('SQLite', openSqliteStore);
