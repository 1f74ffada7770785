import { openSqliteStore } from '../testing/stores.ts';
import { describeMentions } from './mentions.contract.ts';

describeMentions('SQLite', openSqliteStore);
