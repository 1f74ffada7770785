import type { SqliteDatabase } from '@parley/platform';
import { FileAttachmentBytes } from '../attachments/attachment-bytes.files.ts';
import { SqliteAttachmentRepository } from '../attachments/attachment.repository.sqlite.ts';
import { SqliteLogRepository } from '../log/log.repository.sqlite.ts';
import { SqliteMembersReader } from '../members/members.reader.sqlite.ts';
import { SqliteMentionRepository } from '../mentions/mention.repository.sqlite.ts';
import { SqliteReactionRepository } from '../reactions/reaction.repository.sqlite.ts';
import { SqliteSearchRepository } from '../search/search.repository.sqlite.ts';
import type { MessageStorage } from './storage.ts';

/** Over the one SQLite file, and a folder for the bytes of attachments, which is created when missing. */
export function sqliteStorage(database: SqliteDatabase, attachmentFolder: string): MessageStorage {
  const reactions = new SqliteReactionRepository(database);
  const mentions = new SqliteMentionRepository(database);
  const attachments = new SqliteAttachmentRepository(database);
  const search = new SqliteSearchRepository(database);
  return {
    ...{ reactions, mentions, attachments, search },
    log: new SqliteLogRepository(database, [reactions, mentions, attachments, search]),
    members: new SqliteMembersReader(database),
    bytes: new FileAttachmentBytes(attachmentFolder),
  };
}
