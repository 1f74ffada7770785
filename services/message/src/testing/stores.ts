import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateMongo, migrateSqlite, mongoConnectionOptions, openSqlite, type SqliteDatabase } from '@parley/platform';
import { createConnection, type Connection } from 'mongoose';
import type { AttachmentBytes } from '../attachments/attachment-bytes.ts';
import { FileAttachmentBytes } from '../attachments/attachment-bytes.files.ts';
import { GridFsAttachmentBytes } from '../attachments/attachment-bytes.mongo.ts';
import type { AttachmentRepository } from '../attachments/attachment.repository.ts';
import { MongoAttachmentRepository } from '../attachments/attachment.repository.mongo.ts';
import { SqliteAttachmentRepository } from '../attachments/attachment.repository.sqlite.ts';
import { ENTRY_MODEL, entrySchema, type StoredEntry } from '../log/entry.schema.ts';
import { MongoLogRepository } from '../log/log.repository.mongo.ts';
import { SqliteLogRepository } from '../log/log.repository.sqlite.ts';
import type { LogRepository } from '../log/log.repository.ts';
import type { MembersReader } from '../members/members.reader.ts';
import { MongoMembersReader } from '../members/members.reader.mongo.ts';
import { SqliteMembersReader } from '../members/members.reader.sqlite.ts';
import { MongoMentionRepository } from '../mentions/mention.repository.mongo.ts';
import { SqliteMentionRepository } from '../mentions/mention.repository.sqlite.ts';
import type { MentionRepository } from '../mentions/mention.repository.ts';
import { MongoReactionRepository } from '../reactions/reaction.repository.mongo.ts';
import { SqliteReactionRepository } from '../reactions/reaction.repository.sqlite.ts';
import type { ReactionRepository } from '../reactions/reaction.repository.ts';
import { MongoSearchRepository } from '../search/search.repository.mongo.ts';
import { SqliteSearchRepository } from '../search/search.repository.sqlite.ts';
import type { SearchRepository } from '../search/search.repository.ts';
import { messageMigrations } from '../migrations.ts';
import { mongoPeople, sqlitePeople, type People } from './people.ts';

/** A database of its own with everything that the message service reads and writes. */
export interface Store {
  readonly repository: LogRepository;
  readonly members: MembersReader;
  readonly people: People;
  readonly reactions: ReactionRepository;
  readonly mentions: MentionRepository;
  readonly search: SearchRepository;
  readonly attachments: AttachmentRepository;
  readonly bytes: AttachmentBytes;
  close(): Promise<void>;
}

export async function openSqliteStore(): Promise<Store & { readonly database: SqliteDatabase }> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-message-'));
  const database = await openSqlite(join(folder, 'parley.sqlite'));
  await migrateSqlite(database, 'message', messageMigrations.sqlite);
  return {
    database,
    repository: new SqliteLogRepository(database),
    members: new SqliteMembersReader(database),
    people: await sqlitePeople(database),
    reactions: new SqliteReactionRepository(database),
    mentions: new SqliteMentionRepository(database),
    search: new SqliteSearchRepository(database),
    attachments: new SqliteAttachmentRepository(database),
    bytes: new FileAttachmentBytes(join(folder, 'attachments')),
    async close() {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** `databaseUrl` may be another's, to stand for a second replica of the service. */
export async function openMongoStore(databaseUrl: string): Promise<Store & { readonly connection: Connection }> {
  const options = { ...mongoConnectionOptions(), monitorCommands: true };
  const connection = await createConnection(databaseUrl, options).asPromise();
  await migrateMongo(connection, 'message', messageMigrations.mongo);
  return {
    connection,
    repository: new MongoLogRepository(connection.model<StoredEntry>(ENTRY_MODEL, entrySchema)),
    members: new MongoMembersReader(connection),
    people: await mongoPeople(connection),
    reactions: new MongoReactionRepository(connection),
    mentions: new MongoMentionRepository(connection),
    search: new MongoSearchRepository(connection),
    attachments: new MongoAttachmentRepository(connection),
    bytes: new GridFsAttachmentBytes(connection),
    close: () => connection.close(),
  };
}
