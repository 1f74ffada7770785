/** The foundation of every process of Parley. */
export { batchedRead } from './concurrency/batched-read.ts';
export { BoundedQueue, KeyedQueue } from './concurrency/bounded-queue.ts';
export { CoalescedRuns } from './concurrency/coalesced-runs.ts';
export { TickQueue } from './concurrency/tick-queue.ts';
export { CLOCK, systemClock, type Clock } from './clock.ts';
export { ConfigError, readConfig } from './config/config.ts';
export type { Config, Process } from './config/settings.ts';
export { settingsMarkdown } from './config/settings-markdown.ts';
export { diskFull } from './disk-full.ts';
export { createLogger, LOGGER, NestPinoLogger, type Logger } from './logger.ts';
export { createRegistry } from './metrics.ts';
export { SchemaTooNewError, SchemaTooOldError } from './migrations.ts';
export { isMongoReachable, mongoConnectionOptions, mongoMigrationOptions } from './mongo/connection.ts';
export { runMigration } from './mongo/migration-process.ts';
export { answerDuringOutages } from './mongo/outages.ts';
export { assertMongoSchema, migrateMongo, type MongoMigration } from './mongo/migrate.ts';
export { createRpcClient, isUnknownMethod, type RpcClient, type RpcClientOptions } from './rpc/client.ts';
export { watchEndpoints, type EndpointWatch } from './rpc/endpoints.ts';
export { rendezvous } from './rpc/rendezvous.ts';
export { startTracing, traced } from './tracing.ts';
export { startRpcServer, type RpcServerOptions } from './rpc/server.ts';
export { listenError, PUBLIC_SETTINGS } from './service/listen-error.ts';
export { rootModule } from './service/root-module.ts';
export { runService } from './service/run-service.ts';
export { startService, type RunningService, type Service, type StartedService } from './service/service.ts';
export { openSqlite } from './sqlite/client.ts';
export { DATA_FOLDER } from './sqlite/data-folder.ts';
export {
  SQLITE_DATABASE,
  SqliteConstraintError,
  SqliteExpectationError,
  type SqliteDatabase,
  type SqliteValue,
  type Statement,
  type StatementResult,
} from './sqlite/database.ts';
export { FolderLockedError, FolderUnusableError, lockFolder, type FolderLock } from './sqlite/folder-lock.ts';
export { migrateSqlite, type SqliteMigration } from './sqlite/migrate.ts';
export { uuidv7 } from './uuidv7.ts';
