import { openSqliteStore } from '../testing/stores.ts';
import { describeAttachments } from './attachments.contract.ts';

describeAttachments('SQLite and files', openSqliteStore);
