import type { Registry } from 'prom-client';
import type { Config, Process } from '../config/settings.ts';
import type { Logger } from '../logger.ts';
import { createRegistry } from '../metrics.ts';
import { startManagement } from './management.ts';

export type ServiceName = Exclude<Process, 'migrate'>;

/** What a service declares; runService() and startService() do the rest. */
export interface Service<Name extends ServiceName, Started extends StartedService = StartedService> {
  readonly name: Name;
  /** Subject of the sentence that reports a failed start: "The gateway". */
  readonly title: string;
  /** Opens the service. Whatever it opens, it adds to `resources` at once. */
  readonly start: (context: ServiceContext<Name>) => Promise<Started>;
}

export interface ServiceContext<Name extends ServiceName> {
  readonly config: Config<Name>;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Released in reverse order when the service closes, and when its start fails half-way. */
  readonly resources: AsyncDisposableStack;
}

export interface StartedService {
  readonly port: number;
  /** Conditions for traffic, by their names in /readyz. */
  readonly readiness?: Readonly<Record<string, () => Promise<boolean>>>;
}

export type RunningService<Started extends StartedService = StartedService> = Started & {
  readonly managementPort: number | undefined;
  /** Reports not ready, drains the servers, then releases all resources in reverse order. */
  readonly close: () => Promise<void>;
};

export interface ManagementConfig {
  readonly managementHost: string;
  readonly managementPort: number | undefined;
}

/**
 * Starts a service in this process. Its management port answers from the start of the start to the end of the drain, and
 * /readyz reports ready in between. Rejects, with all resources released, when the start fails.
 */
export async function startService<Name extends ServiceName, Started extends StartedService>(
  service: Service<Name, Started>,
  config: Config<Name> & ManagementConfig,
  logger: Logger,
): Promise<RunningService<Started>> {
  const resources = new AsyncDisposableStack();
  const registry = createRegistry(processName(service.name));
  let accepting = false;
  let checks: StartedService['readiness'] = {};
  const readiness = async () => ({ accepting, ...(await resultsOf(checks)) });
  try {
    const managementPort = await openManagement(config, resources, { registry, readiness });
    const started = await service.start({ config, logger, registry, resources });
    checks = started.readiness;
    accepting = true;
    const close = (): Promise<void> => {
      accepting = false;
      return resources.disposeAsync();
    };
    return { ...started, managementPort, close };
  } catch (error) {
    await resources.disposeAsync().catch((releaseError: unknown) => {
      logger.warn({ err: releaseError }, 'Failed to release a resource after a failed start.');
    });
    throw error;
  }
}

/** Title of the process, and its name in logs, traces and metrics. */
export const processName = (name: ServiceName): string => `parley-${name}`;

async function openManagement(
  { managementHost: host, managementPort: port }: ManagementConfig,
  resources: AsyncDisposableStack,
  options: { registry: Registry; readiness: () => Promise<Record<string, boolean>> },
): Promise<number | undefined> {
  if (port === undefined) return undefined;
  const management = await startManagement({ host, port, ...options });
  resources.defer(() => management.close());
  return management.port;
}

async function resultsOf(checks: StartedService['readiness'] = {}): Promise<Record<string, boolean>> {
  const results = Object.entries(checks).map(async ([name, check]) => [name, await check()] as const);
  return Object.fromEntries(await Promise.all(results));
}
