import type { MongoMigration, SqliteMigration } from '@parley/platform';
import { ATTACHMENT_TABLES, createAttachmentIndexes } from './attachments/attachment.schema.ts';
import { createEntryIndexes, ENTRY_TABLES } from './log/log.schema.ts';
import { createMentionIndexes, MENTION_TABLES } from './mentions/mention.schema.ts';
import { createReactionIndexes, REACTION_TABLES } from './reactions/reaction.schema.ts';
import { createSearchIndexes, SEARCH_TABLES } from './search/search.schema.ts';

const mongo: readonly MongoMigration[] = [
  { version: 1, up: createEntryIndexes },
  { version: 2, up: createAttachmentIndexes },
  {
    version: 3,
    async up(db) {
      await createMentionIndexes(db);
      await createReactionIndexes(db);
    },
  },
  { version: 4, up: createSearchIndexes },
];

const sqlite: readonly SqliteMigration[] = [
  { version: 1, statements: ENTRY_TABLES },
  { version: 2, statements: ATTACHMENT_TABLES },
  { version: 3, statements: [...MENTION_TABLES, ...REACTION_TABLES] },
  { version: 4, statements: SEARCH_TABLES },
];

/** The schema of the message service's own data, under the component's name `message`. Features own its parts. */
export const messageMigrations = { mongo, sqlite };
