import type { DestinationStream } from 'pino';
import { readConfig } from '../config/config.ts';
import type { Config } from '../config/settings.ts';
import { findUnknownSettings } from '../config/unknown-settings.ts';
import { createLogger, type Logger } from '../logger.ts';
import { startTracing } from '../tracing.ts';
import {
  processName,
  startService,
  type ManagementConfig,
  type RunningService,
  type Service,
  type ServiceName,
  type StartedService,
} from './service.ts';
import { stopOnSignal } from './stop-on-signal.ts';

interface RunOptions<Name extends ServiceName, Started extends StartedService> {
  /** Standard output unless set. */
  readonly logDestination?: DestinationStream;
  /** Reports the started service; unless set, a log line with its ports. */
  readonly announce?: (running: RunningService<Started>, config: Config<Name>) => void;
}

/**
 * The main program of a service: reads its settings, starts tracing, logs and the service, and stops all of it on SIGINT
 * or SIGTERM. A start that fails ends the process with status 1 and one sentence on standard error.
 */
export async function runService<Name extends ServiceName, Started extends StartedService>(
  service: Service<Name, Started>,
  { logDestination, announce }: RunOptions<Name, Started> = {},
): Promise<void> {
  const name = processName(service.name);
  process.title = name;
  try {
    const config = readConfig(service.name) as Config<Name> & ManagementConfig & { readonly logLevel: string };
    const tracing = await startTracing(name);
    const logger = createLogger(name, config.logLevel, logDestination);
    for (const { name: setting, nearest } of findUnknownSettings(process.env)) {
      logger.warn({ setting }, `${setting} is no setting of Parley. Did you mean ${nearest}?`);
    }
    const running = await startService(service, config, logger);
    stopOnSignal(() => running.close().finally(() => tracing.close()));
    if (announce) announce(running, config);
    else logPorts(running, logger);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${service.title} cannot start. ${reason}\n`);
    process.exit(1);
  }
}

const logPorts = ({ port, managementPort }: RunningService, logger: Logger): void =>
  logger.info({ port, managementPort }, 'Serving.');
