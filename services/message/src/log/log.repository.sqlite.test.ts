import { openSqliteStore } from '../testing/stores.ts';
import { describeLogRepository } from './log.repository.contract.ts';

describeLogRepository('SQLite', openSqliteStore);
