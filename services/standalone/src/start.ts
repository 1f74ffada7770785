import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import { BUS, MemoryBus, type Bus } from '@parley/bus';
import { GatewayModule, startPublicServer } from '@parley/gateway';
import { MessageModule, messageMigrations } from '@parley/message';
import {
  DATA_FOLDER,
  LOGGER,
  lockFolder,
  migrateSqlite,
  openSqlite,
  rootModule,
  startService,
  type Clock,
  type Config,
  type Logger,
  type RunningService,
  type Service,
  type StartedService,
} from '@parley/platform';
import { RoomModule, roomMigrations } from '@parley/room';

export interface StartedStandalone extends StartedService {
  /** Its address on this machine. */
  readonly url: string;
}

export type Standalone = RunningService<StartedStandalone>;

/** Parts that tests replace. */
export interface StandaloneParts {
  readonly bus?: Bus;
  readonly clock?: Clock;
}

/**
 * All of Parley in one process. Its start fails, with a message that says what to do, when the data folder is in use or
 * cannot be written, when its data is of a newer release, and when the port is taken.
 */
export function standaloneService({ bus = new MemoryBus(), clock }: StandaloneParts = {}): Service<
  'standalone',
  StartedStandalone
> {
  return {
    name: 'standalone',
    title: 'Parley',
    async start({ config, logger, registry, resources }) {
      const { host, port, tlsCert, tlsKey } = config;
      resources.adopt(await lockFolder(config.dataDir), (it) => it.release());
      const database = resources.adopt(await openSqlite(join(config.dataDir, DATA_FOLDER.database)), (it) =>
        it.close(),
      );
      await migrateSqlite(database, 'room', roomMigrations.sqlite);
      await migrateSqlite(database, 'message', messageMigrations.sqlite);
      resources.defer(() => bus.close());
      const message = MessageModule.forSqlite({
        database,
        attachmentDir: join(config.dataDir, DATA_FOLDER.attachments),
        attachmentBytesPerUser: config.limitAttachmentBytesPerUser,
        registry,
      });
      const room = RoomModule.forSqlite({ database });
      const gateway = GatewayModule.forRoot({ config, registry, ...(clock ? { clock } : {}) });
      const module = composeModule([room, message], gateway, bus, logger);
      const tls = tlsCert && tlsKey ? { tls: { cert: tlsCert, key: tlsKey } } : {};
      const server = await startPublicServer({ module, config, host, port, ...tls, registry, logger });
      resources.defer(server.close);
      return { port: server.port, url: urlOf(config, server.port) };
    },
  };
}

/** Starts Parley in this process, for tests and tools. */
export const startStandalone = (
  config: Config<'standalone'>,
  logger: Logger,
  parts?: StandaloneParts,
): Promise<Standalone> => startService(standaloneService(parts), config, logger);

class StandaloneModule {}

/** The three services as one application, whose classes call each other directly. */
function composeModule(services: DynamicModule[], gateway: DynamicModule, bus: Bus, logger: Logger): DynamicModule {
  const root = rootModule(services, [
    [BUS, bus],
    [LOGGER, logger],
  ]);
  return { module: StandaloneModule, imports: [{ ...root, exports: [...(root.exports ?? []), ...services] }, gateway] };
}

/** A server that listens on all addresses is reached at the loopback address. */
function urlOf({ host, tlsCert }: Config<'standalone'>, port: number): string {
  const listensEverywhere = host === '0.0.0.0' || host === '::';
  const name = listensEverywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `${tlsCert === undefined ? 'http' : 'https'}://${name}:${port}`;
}
