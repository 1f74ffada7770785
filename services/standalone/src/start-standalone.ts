import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import { BUS, MemoryBus, type Bus } from '@parley/bus';
import { GatewayModule, startDoor, type Door } from '@parley/gateway';
import { MessageModule, messageMigrations } from '@parley/message';
import {
  createRegistry,
  DATA_FOLDER,
  lockFolder,
  LOGGER,
  migrateSqlite,
  openSqlite,
  startManagement,
  type Clock,
  type Config,
  type Logger,
} from '@parley/platform';
import { RoomModule, roomMigrations } from '@parley/room';

export interface Standalone {
  /** Where people reach it on this machine. */
  readonly url: string;
  readonly managementPort: number | undefined;
  /** Closes all connections (1012), stores what was taken, and frees the data folder. */
  close(): Promise<void>;
}

/** What tests put in the place of the usual. */
export interface StandaloneParts {
  readonly bus?: Bus;
  readonly clock?: Clock;
}

/** What has been opened so far, closed in the opposite order. */
class Opened {
  readonly #closings: (() => Promise<void> | void)[] = [];

  add(close: () => Promise<void> | void): void {
    this.#closings.unshift(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closings.splice(0)) await close();
  }
}

/**
 * Parley in this one process. Rejects, with a sentence that says what to do, when the data folder is in use or cannot
 * be written, when its data is of a newer release, and when the port is taken.
 */
export async function startStandalone(
  config: Config<'standalone'>,
  logger: Logger,
  { bus = new MemoryBus(), clock }: StandaloneParts = {},
): Promise<Standalone> {
  const opened = new Opened();
  try {
    const lock = await lockFolder(config.dataDir);
    opened.add(() => lock.release());
    const database = await openSqlite(join(config.dataDir, DATA_FOLDER.database));
    opened.add(() => database.close());
    await migrateSqlite(database, 'room', roomMigrations.sqlite);
    await migrateSqlite(database, 'message', messageMigrations.sqlite);
    opened.add(() => bus.close());

    const registry = createRegistry('parley-standalone');
    const message = MessageModule.forSqlite({
      database,
      attachmentDir: join(config.dataDir, DATA_FOLDER.attachments),
      attachmentBytesPerUser: config.limitAttachmentBytesPerUser,
      registry,
    });
    const room = RoomModule.forSqlite({ database });
    const gateway = GatewayModule.forRoot({ config, registry, ...(clock ? { clock } : {}) });
    const module = composeModule([room, message], bus, logger, gateway);
    let isAccepting = (): boolean => false;
    // Before the door, and so open until after it is closed: whoever watches sees this process drain.
    const managementPort = await manage(config, () => isAccepting(), registry, opened);
    const { host, port } = config;
    const tls = config.tlsCert && config.tlsKey ? { cert: config.tlsCert, key: config.tlsKey } : undefined;
    const door = await startDoor({ module, config, host, port, ...(tls ? { tls } : {}), registry, logger });
    opened.add(door.close);
    isAccepting = door.isAccepting;
    return { url: urlOf(config, door), managementPort, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

class StandaloneModule {}
class PortsModule {}

/** The three services as one application: their classes call each other directly. */
function composeModule(services: DynamicModule[], bus: Bus, logger: Logger, gateway: DynamicModule): DynamicModule {
  const ports: DynamicModule = {
    module: PortsModule,
    global: true,
    imports: services,
    providers: [
      { provide: BUS, useValue: bus },
      { provide: LOGGER, useValue: logger },
    ],
    exports: [BUS, LOGGER, ...services],
  };
  return { module: StandaloneModule, imports: [ports, gateway] };
}

async function manage(
  config: Config<'standalone'>,
  isAccepting: () => boolean,
  registry: ReturnType<typeof createRegistry>,
  opened: Opened,
): Promise<number | undefined> {
  if (config.managementPort === undefined) return undefined;
  const management = await startManagement({
    host: config.managementHost,
    port: config.managementPort,
    readiness: async () => ({ accepting: isAccepting() }),
    registry,
  });
  opened.add(() => management.close());
  return management.port;
}

/** An address that listens everywhere is reached by this machine's own. */
function urlOf({ host, tlsCert }: Config<'standalone'>, { port }: Door): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `${tlsCert === undefined ? 'http' : 'https'}://${name}:${port}`;
}
