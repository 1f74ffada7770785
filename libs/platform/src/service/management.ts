import fastify from 'fastify';
import type { Registry } from 'prom-client';
import { MANAGEMENT_SETTINGS } from './listen-error.ts';
import { listenOn, type ListeningServer } from './listening-server.ts';

export interface ManagementOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The conditions for traffic by name. The process is ready when all are true. */
  readonly readiness: () => Promise<Readonly<Record<string, boolean>>>;
  readonly registry: Registry;
}

/**
 * Serves /healthz (200 while the process runs), /readyz (200 or 503, with the checks) and /metrics (Prometheus). Rejects
 * when the port is taken.
 */
export async function startManagement(options: ManagementOptions): Promise<ListeningServer> {
  const server = fastify();
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    try {
      const checks = await options.readiness();
      const ready = Object.values(checks).every(Boolean);
      return await reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks });
    } catch (error) {
      return await reply.code(503).send({ status: 'not ready', reason: String(error) });
    }
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(options.registry.contentType).send(await options.registry.metrics()),
  );
  const { host, port } = options;
  return listenOn(server, { host, port, settings: MANAGEMENT_SETTINGS });
}
