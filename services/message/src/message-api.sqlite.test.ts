import { describeMessageApi } from './message-api.contract.ts';
import { openSqliteStore } from './testing/stores.ts';

describeMessageApi('SQLite', openSqliteStore);
