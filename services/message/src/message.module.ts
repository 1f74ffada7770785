import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { BUS, type Bus } from '@parley/bus';
import {
  ATTACHMENT_API,
  ATTACHMENT_API_METHODS,
  MESSAGE_API,
  MESSAGE_API_METHODS,
  type AttachmentApi,
  type MessageApi,
} from '@parley/contracts';
import {
  answerDuringOutages,
  CLOCK,
  LOGGER,
  systemClock,
  type Clock,
  type Logger,
  type SqliteDatabase,
} from '@parley/platform';
import { Registry } from 'prom-client';
import { AppendService } from './append/append.service.ts';
import { ATTACHMENT_BYTES } from './attachments/attachment-bytes.ts';
import { AttachmentClaims } from './attachments/attachment-claims.ts';
import { ATTACHMENT_REPOSITORY } from './attachments/attachment.repository.ts';
import { ATTACHMENT_QUOTA, AttachmentService } from './attachments/attachment.service.ts';
import { AttachmentSweeper } from './attachments/attachment-sweeper.ts';
import { ChangePlanner } from './changes/change-planner.ts';
import { HistoryService } from './history/history.service.ts';
import { Lanes } from './log/lanes.ts';
import { LOG_REPOSITORY, type LogRepository } from './log/log.repository.ts';
import { RoomPublisher } from './log/publisher.ts';
import { MEMBERS_READER, type MembersReader } from './members/members.reader.ts';
import { MENTION_REPOSITORY } from './mentions/mention.repository.ts';
import { OwnReactions } from './reactions/own-reactions.ts';
import { REACTION_REPOSITORY, type ReactionRepository } from './reactions/reaction.repository.ts';
import { measureInserts, watchLanes } from './metrics.ts';
import { MessageApiService } from './message-api.service.ts';
import { SearchIndexer } from './search/search-indexer.ts';
import { SEARCH_REPOSITORY } from './search/search.repository.ts';
import { SearchService } from './search/search.service.ts';
import { mongoStorage } from './storage/storage.mongo.ts';
import { sqliteStorage } from './storage/storage.sqlite.ts';
import type { MessageStorage } from './storage/storage.ts';

/** Injection token of the Registry of the process's metrics. */
const REGISTRY = Symbol('Registry');

/** Injection token of the MessageStorage. */
const STORAGE = Symbol('MessageStorage');

const portOf = (token: symbol, name: keyof MessageStorage): Provider => ({
  provide: token,
  inject: [STORAGE],
  useFactory: (storage: MessageStorage) => storage[name],
});

const providers: Provider[] = [
  portOf(LOG_REPOSITORY, 'log'),
  portOf(MEMBERS_READER, 'members'),
  portOf(REACTION_REPOSITORY, 'reactions'),
  portOf(MENTION_REPOSITORY, 'mentions'),
  portOf(SEARCH_REPOSITORY, 'search'),
  portOf(ATTACHMENT_REPOSITORY, 'attachments'),
  portOf(ATTACHMENT_BYTES, 'bytes'),
  {
    provide: Lanes,
    inject: [LOG_REPOSITORY, REACTION_REPOSITORY, MEMBERS_READER, BUS, CLOCK, LOGGER, REGISTRY],
    useFactory: (
      log: LogRepository,
      reactions: ReactionRepository,
      members: MembersReader,
      bus: Bus,
      clock: Clock,
      logger: Logger,
      registry: Registry,
    ) => {
      const repository = measureInserts(log, registry);
      const publisher = new RoomPublisher(bus, logger);
      const lanes = new Lanes({
        repository,
        planner: new ChangePlanner({ repository, reactions }),
        members,
        publisher,
        clock,
        random: Math.random,
        logger,
      });
      watchLanes(lanes, registry);
      return lanes;
    },
  },
  AppendService,
  OwnReactions,
  SearchIndexer,
  SearchService,
  HistoryService,
  AttachmentClaims,
  AttachmentService,
  AttachmentSweeper,
  { provide: CLOCK, useValue: systemClock },
  MessageApiService,
  { provide: ATTACHMENT_API, useExisting: MESSAGE_API },
];

export interface MessageModuleOptions {
  /** Most bytes that the attachments of one user may occupy; 0: no limit. */
  readonly attachmentBytesPerUser: number;
  /** Receives the metrics of lanes and inserts. Without it they are not served. */
  readonly registry?: Registry;
}

export interface SqliteMessageModuleOptions extends MessageModuleOptions {
  readonly database: SqliteDatabase;
  /** Created when missing. */
  readonly attachmentDir: string;
}

/** Provides MESSAGE_API and ATTACHMENT_API. BUS and LOGGER come from a global module of the application. */
@Module({})
export class MessageModule {
  /** Uses the application's root mongoose connection, opened with mongoConnectionOptions(). */
  static forMongo(options: MessageModuleOptions): DynamicModule {
    return moduleOver(options, [
      { provide: STORAGE, inject: [getConnectionToken()], useFactory: mongoStorage },
      {
        provide: MESSAGE_API,
        inject: [MessageApiService, LOGGER],
        useFactory: (api: MessageApiService, logger: Logger) =>
          answerDuringOutages<MessageApi & AttachmentApi>(
            api,
            [...MESSAGE_API_METHODS, ...ATTACHMENT_API_METHODS],
            logger,
          ),
      },
    ]);
  }

  /** Uses the SQLite database that the application opens, migrates and closes, and a folder for the images. */
  static forSqlite({ database, attachmentDir, ...options }: SqliteMessageModuleOptions): DynamicModule {
    return moduleOver(options, [
      { provide: STORAGE, useValue: sqliteStorage(database, attachmentDir) },
      { provide: MESSAGE_API, useExisting: MessageApiService },
    ]);
  }
}

const moduleOver = (options: MessageModuleOptions, storeProviders: readonly Provider[]): DynamicModule => ({
  module: MessageModule,
  providers: [
    ...storeProviders,
    { provide: ATTACHMENT_QUOTA, useValue: options.attachmentBytesPerUser },
    { provide: REGISTRY, useValue: options.registry ?? new Registry() },
    ...providers,
  ],
  exports: [MESSAGE_API, ATTACHMENT_API],
});
