import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { getModelToken, MongooseModule } from '@nestjs/mongoose';
import { BUS, type Bus } from '@parley/bus';
import { ATTACHMENT_API, MESSAGE_API } from '@parley/contracts';
import { LOGGER, systemClock, type Logger, type SqliteDatabase } from '@parley/platform';
import { Registry } from 'prom-client';
import { ATTACHMENT_BYTES } from './attachments/attachment-bytes.ts';
import { FileAttachmentBytes } from './attachments/attachment-bytes.files.ts';
import { GridFsAttachmentBytes } from './attachments/attachment-bytes.mongo.ts';
import { AttachmentClaims } from './attachments/attachment-claims.ts';
import { ATTACHMENT_REPOSITORY } from './attachments/attachment.repository.ts';
import { MongoAttachmentRepository } from './attachments/attachment.repository.mongo.ts';
import { SqliteAttachmentRepository } from './attachments/attachment.repository.sqlite.ts';
import { ATTACHMENT_QUOTA, AttachmentService } from './attachments/attachment.service.ts';
import { AttachmentSweeper } from './attachments/attachment-sweeper.ts';
import { HistoryService } from './history/history.service.ts';
import { ENTRY_MODEL, entrySchema, type EntryModel } from './log/entry.schema.ts';
import { Lanes } from './log/lanes.ts';
import { LOG_REPOSITORY, type LogRepository } from './log/log.repository.ts';
import { MongoLogRepository } from './log/log.repository.mongo.ts';
import { SqliteLogRepository } from './log/log.repository.sqlite.ts';
import { LogService } from './log/log.service.ts';
import { RoomPublisher } from './log/publisher.ts';
import { MEMBERS_READER, type MembersReader } from './members/members.reader.ts';
import { MongoMembersReader } from './members/members.reader.mongo.ts';
import { SqliteMembersReader } from './members/members.reader.sqlite.ts';
import { MENTION_REPOSITORY } from './mentions/mention.repository.ts';
import { MongoMentionRepository } from './mentions/mention.repository.mongo.ts';
import { SqliteMentionRepository } from './mentions/mention.repository.sqlite.ts';
import { OwnReactions } from './reactions/own-reactions.ts';
import { REACTION_REPOSITORY, type ReactionRepository } from './reactions/reaction.repository.ts';
import { MongoReactionRepository } from './reactions/reaction.repository.mongo.ts';
import { SqliteReactionRepository } from './reactions/reaction.repository.sqlite.ts';
import { measureInserts, watchLanes } from './metrics.ts';
import { MessageApiService } from './message-api.service.ts';
import { SearchIndexer } from './search/search-indexer.ts';
import { SEARCH_REPOSITORY } from './search/search.repository.ts';
import { MongoSearchRepository } from './search/search.repository.mongo.ts';
import { SqliteSearchRepository } from './search/search.repository.sqlite.ts';
import { SearchService } from './search/search.service.ts';

/** Injection token of the Registry that the process serves as its metrics. */
const REGISTRY = Symbol('Registry');

const services: Provider[] = [
  {
    provide: Lanes,
    inject: [LOG_REPOSITORY, REACTION_REPOSITORY, MEMBERS_READER, BUS, LOGGER, REGISTRY],
    useFactory: (
      log: LogRepository,
      reactions: ReactionRepository,
      members: MembersReader,
      bus: Bus,
      logger: Logger,
      registry: Registry,
    ) => {
      const repository = measureInserts(log, registry);
      const publisher = new RoomPublisher(bus, logger);
      const lanes = new Lanes({
        repository,
        reactions,
        members,
        publisher,
        clock: systemClock,
        random: Math.random,
        logger,
      });
      watchLanes(lanes, registry);
      return lanes;
    },
  },
  LogService,
  OwnReactions,
  SearchIndexer,
  SearchService,
  HistoryService,
  AttachmentClaims,
  AttachmentService,
  AttachmentSweeper,
  { provide: MESSAGE_API, useClass: MessageApiService },
  { provide: ATTACHMENT_API, useExisting: MESSAGE_API },
];

export interface MessageModuleOptions {
  /** Bytes that the images of one person may take up; 0: no limit. */
  readonly attachmentBytesPerUser: number;
  /** Where lanes and inserts are measured; without it, nowhere that anybody sees. */
  readonly registry?: Registry;
}

export interface SqliteMessageModuleOptions extends MessageModuleOptions {
  readonly database: SqliteDatabase;
  /** Made when it is not there. */
  readonly attachmentDir: string;
}

/** Provides MESSAGE_API and ATTACHMENT_API. BUS and LOGGER come from a global module of the application. */
@Module({})
export class MessageModule {
  /** Over the application's root connection of mongoose, made with mongoConnectionOptions(). */
  static forMongo({ attachmentBytesPerUser, registry = new Registry() }: MessageModuleOptions): DynamicModule {
    return {
      module: MessageModule,
      imports: [MongooseModule.forFeature([{ name: ENTRY_MODEL, schema: entrySchema }])],
      providers: [
        {
          provide: LOG_REPOSITORY,
          inject: [getModelToken(ENTRY_MODEL)],
          useFactory: (entries: EntryModel) => new MongoLogRepository(entries),
        },
        {
          provide: MEMBERS_READER,
          inject: [getModelToken(ENTRY_MODEL)],
          useFactory: (entries: EntryModel) => new MongoMembersReader(entries.db),
        },
        {
          provide: ATTACHMENT_REPOSITORY,
          inject: [getModelToken(ENTRY_MODEL)],
          useFactory: (entries: EntryModel) => new MongoAttachmentRepository(entries.db),
        },
        {
          provide: ATTACHMENT_BYTES,
          inject: [getModelToken(ENTRY_MODEL)],
          useFactory: (entries: EntryModel) => new GridFsAttachmentBytes(entries.db),
        },
        {
          provide: MENTION_REPOSITORY,
          inject: [getModelToken(ENTRY_MODEL)],
          useFactory: (entries: EntryModel) => new MongoMentionRepository(entries.db),
        },
        {
          provide: REACTION_REPOSITORY,
          inject: [getModelToken(ENTRY_MODEL)],
          useFactory: (entries: EntryModel) => new MongoReactionRepository(entries.db),
        },
        {
          provide: SEARCH_REPOSITORY,
          inject: [getModelToken(ENTRY_MODEL)],
          useFactory: (entries: EntryModel) => new MongoSearchRepository(entries.db),
        },
        { provide: ATTACHMENT_QUOTA, useValue: attachmentBytesPerUser },
        { provide: REGISTRY, useValue: registry },
        ...services,
      ],
      exports: [MESSAGE_API, ATTACHMENT_API],
    };
  }

  /** Over the one SQLite file, which the application opens, migrates and closes, and a folder for the images. */
  static forSqlite({
    database,
    attachmentDir,
    attachmentBytesPerUser,
    registry = new Registry(),
  }: SqliteMessageModuleOptions): DynamicModule {
    return {
      module: MessageModule,
      providers: [
        { provide: LOG_REPOSITORY, useValue: new SqliteLogRepository(database) },
        { provide: MEMBERS_READER, useValue: new SqliteMembersReader(database) },
        { provide: ATTACHMENT_REPOSITORY, useValue: new SqliteAttachmentRepository(database) },
        { provide: MENTION_REPOSITORY, useValue: new SqliteMentionRepository(database) },
        { provide: SEARCH_REPOSITORY, useValue: new SqliteSearchRepository(database) },
        { provide: REACTION_REPOSITORY, useValue: new SqliteReactionRepository(database) },
        { provide: ATTACHMENT_BYTES, useValue: new FileAttachmentBytes(attachmentDir) },
        { provide: ATTACHMENT_QUOTA, useValue: attachmentBytesPerUser },
        { provide: REGISTRY, useValue: registry },
        ...services,
      ],
      exports: [MESSAGE_API, ATTACHMENT_API],
    };
  }
}
