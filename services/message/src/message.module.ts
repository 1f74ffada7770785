import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { getModelToken, MongooseModule } from '@nestjs/mongoose';
import { BUS, type Bus } from '@parley/bus';
import { MESSAGE_API } from '@parley/contracts';
import { LOGGER, type Logger, type SqliteDatabase } from '@parley/platform';
import { HistoryService } from './history/history.service.ts';
import { systemClock } from './log/clock.ts';
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
import { MessageApiService } from './message-api.service.ts';

const services: Provider[] = [
  {
    provide: Lanes,
    inject: [LOG_REPOSITORY, MEMBERS_READER, BUS, LOGGER],
    useFactory: (repository: LogRepository, members: MembersReader, bus: Bus, logger: Logger) =>
      new Lanes({ repository, members, publisher: new RoomPublisher(bus, logger), clock: systemClock, logger }),
  },
  LogService,
  HistoryService,
  { provide: MESSAGE_API, useClass: MessageApiService },
];

/** Provides MESSAGE_API. BUS and LOGGER come from a global module of the application. */
@Module({})
export class MessageModule {
  /** Over the application's root connection of mongoose, made with mongoConnectionOptions(). */
  static forMongo(): DynamicModule {
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
        ...services,
      ],
      exports: [MESSAGE_API],
    };
  }

  /** Over the one SQLite file, which the application opens, migrates and closes. */
  static forSqlite({ database }: { database: SqliteDatabase }): DynamicModule {
    return {
      module: MessageModule,
      providers: [
        { provide: LOG_REPOSITORY, useValue: new SqliteLogRepository(database) },
        { provide: MEMBERS_READER, useValue: new SqliteMembersReader(database) },
        ...services,
      ],
      exports: [MESSAGE_API],
    };
  }
}
