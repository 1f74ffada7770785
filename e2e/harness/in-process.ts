import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MongooseModule } from '@nestjs/mongoose';
import { BUS, type Bus } from '@parley/bus';
import {
  ATTACHMENT_API,
  MESSAGE_API,
  ROOM_API,
  type AttachmentApi,
  type MessageApi,
  type RoomApi,
} from '@parley/contracts';
import { GatewayModule, startPublicServer, type GatewayModuleOptions } from '@parley/gateway';
import { MessageModule, messageMigrations } from '@parley/message';
import {
  createLogger,
  createRegistry,
  LOGGER,
  migrateMongo,
  migrateSqlite,
  mongoConnectionOptions,
  openSqlite,
  readConfig,
} from '@parley/platform';
import { RoomModule, roomMigrations } from '@parley/room';
import { createConnection } from 'mongoose';

/** The room service and the replicas of the message service, in this process and called directly. */
export interface Services {
  readonly rooms: RoomApi;
  readonly messages: readonly [MessageApi, ...MessageApi[]];
  readonly attachments: AttachmentApi;
  close(): Promise<void>;
}

/** What a gateway works with. */
export interface GatewayPorts {
  readonly rooms: RoomApi;
  readonly messages: MessageApi;
  readonly attachments: AttachmentApi;
  readonly bus: Bus;
  readonly clock: NonNullable<GatewayModuleOptions['clock']>;
}

export interface RunningGateway {
  readonly url: string;
  close(): Promise<void>;
}

const logger = createLogger('test', process.env.PARLEY_LOG_LEVEL ?? 'silent');

class ServicesModule {}
class PortsModule {}

/** All over one SQLite file, as `npm start` has it. */
export async function startSqliteServices(bus: Bus): Promise<Services> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-services-'));
  const database = await openSqlite(join(folder, 'parley.sqlite'));
  await migrateSqlite(database, 'room', roomMigrations.sqlite);
  await migrateSqlite(database, 'message', messageMigrations.sqlite);
  const attachmentDir = join(folder, 'attachments');
  const message = MessageModule.forSqlite({ database, attachmentDir, attachmentBytesPerUser: 0 });
  const app = await startModule(bus, [RoomModule.forSqlite({ database }), message]);
  return {
    rooms: app.get<RoomApi>(ROOM_API, { strict: false }),
    messages: [app.get<MessageApi>(MESSAGE_API, { strict: false })],
    attachments: app.get<AttachmentApi>(ATTACHMENT_API, { strict: false }),
    async close() {
      await app.close();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A room service and two message services over one database, each with connections of its own. */
export async function startMongoServices(bus: Bus, databaseUrl: string): Promise<Services> {
  const connection = await createConnection(databaseUrl, mongoConnectionOptions()).asPromise();
  await migrateMongo(connection, 'room', roomMigrations.mongo);
  await migrateMongo(connection, 'message', messageMigrations.mongo);
  const mongoose = (): DynamicModule => MongooseModule.forRoot(databaseUrl, mongoConnectionOptions());
  const apps = await Promise.all([
    startModule(bus, [mongoose(), RoomModule.forMongo(), MessageModule.forMongo({ attachmentBytesPerUser: 0 })]),
    startModule(bus, [mongoose(), MessageModule.forMongo({ attachmentBytesPerUser: 0 })]),
  ]);
  const [first, second] = apps;
  return {
    rooms: first.get<RoomApi>(ROOM_API, { strict: false }),
    messages: [
      first.get<MessageApi>(MESSAGE_API, { strict: false }),
      second.get<MessageApi>(MESSAGE_API, { strict: false }),
    ],
    attachments: second.get<AttachmentApi>(ATTACHMENT_API, { strict: false }),
    async close() {
      await Promise.all(apps.map((app) => app.close()));
      await connection.dropDatabase();
      await connection.close();
    },
  };
}

/** A gateway on a free port, without limits. */
export async function startGatewayOver(ports: GatewayPorts): Promise<RunningGateway> {
  const config = readConfig('standalone', {
    PARLEY_LIMIT_COMMANDS_PER_SECOND: '0',
    PARLEY_LIMIT_SIGNUPS_PER_HOUR: '0',
    PARLEY_LIMIT_CONNECTIONS_PER_USER: '0',
  });
  const { rooms, messages, attachments, bus, clock } = ports;
  const registry = createRegistry('test');
  const gateway = GatewayModule.forRoot({ config, registry, clock });
  const module: DynamicModule = {
    module: PortsModule,
    global: true,
    imports: [gateway],
    providers: [
      { provide: ROOM_API, useValue: rooms },
      { provide: MESSAGE_API, useValue: messages },
      { provide: ATTACHMENT_API, useValue: attachments },
      { provide: BUS, useValue: bus },
      { provide: LOGGER, useValue: logger },
    ],
    exports: [ROOM_API, MESSAGE_API, ATTACHMENT_API, BUS, LOGGER],
  };
  const server = await startPublicServer({ module, config, host: '127.0.0.1', port: 0, registry, logger });
  return { url: `http://127.0.0.1:${server.port}`, close: server.close };
}

function startModule(bus: Bus, imports: DynamicModule[]) {
  const module: DynamicModule = {
    module: ServicesModule,
    global: true,
    imports,
    providers: [
      { provide: BUS, useValue: bus },
      { provide: LOGGER, useValue: logger },
    ],
    exports: [BUS, LOGGER, ...imports],
  };
  return NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
}
