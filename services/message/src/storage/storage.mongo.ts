import type { Connection } from 'mongoose';
import { GridFsAttachmentBytes } from '../attachments/attachment-bytes.mongo.ts';
import { MongoAttachmentRepository } from '../attachments/attachment.repository.mongo.ts';
import { MongoLogRepository } from '../log/log.repository.mongo.ts';
import { MongoMembersReader } from '../members/members.reader.mongo.ts';
import { MongoMentionRepository } from '../mentions/mention.repository.mongo.ts';
import { MongoReactionRepository } from '../reactions/reaction.repository.mongo.ts';
import { MongoSearchRepository } from '../search/search.repository.mongo.ts';
import type { MessageStorage } from './storage.ts';

/** The connection must be made with mongoConnectionOptions(). */
export function mongoStorage(connection: Connection): MessageStorage {
  const reactions = new MongoReactionRepository(connection);
  const mentions = new MongoMentionRepository(connection);
  const attachments = new MongoAttachmentRepository(connection);
  const search = new MongoSearchRepository(connection);
  return {
    ...{ reactions, mentions, attachments, search },
    log: new MongoLogRepository(connection, [reactions, mentions, attachments, search]),
    members: new MongoMembersReader(connection),
    bytes: new GridFsAttachmentBytes(connection),
  };
}
