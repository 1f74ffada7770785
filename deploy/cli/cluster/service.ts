import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startServerProcess, type ServerProcess } from '@parley/testing/servers';
import type { PlannedService } from './plan.ts';
import type { Child } from './supervised.ts';

const POLL_MS = 50;
/** In addition to PARLEY_DRAIN_SECONDS, over which a gateway closes its connections. */
const PATIENCE_MS = 10_000;

/** A service as a child process, whose log lines go to stderr under its label. */
export function serviceChild(root: string, { service, label, managementPort, env }: PlannedService): Child {
  return {
    label,
    patienceMs: PATIENCE_MS + 1_000 * Number(env.PARLEY_DRAIN_SECONDS ?? 0),
    async launch() {
      const args = [join(root, 'services', service, 'dist/main.js')];
      const child = await startServerProcess({ command: process.execPath, args, env, signalWhenOrphaned: 'TERM' });
      child.onLine((line) => process.stderr.write(`${label}: ${line}\n`));
      return child;
    },
    ready: (child) => waitUntilReady(child, `http://127.0.0.1:${managementPort}/readyz`, label),
  };
}

/** Rejects when the process ends before it is ready. */
async function waitUntilReady(child: ServerProcess, url: string, label: string): Promise<void> {
  let status: number | undefined;
  void child.exited.then((code) => (status = code));
  while (status === undefined) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${label} ended with status ${status} before it was ready.`);
}

/** Migrates the database to the schema of these services. Throws an Error with one sentence for the operator. */
export async function migrateAll(root: string, services: readonly PlannedService[]): Promise<void> {
  for (const owner of ['room', 'message']) {
    const planned = services.find(({ service }) => service === owner);
    if (planned) await migrate(root, planned);
  }
}

/** Migrates the database to the schema of that service. Throws an Error with one sentence for the operator. */
export async function migrate(root: string, { service, env }: PlannedService): Promise<void> {
  const script = join(root, 'services', service, 'dist/migrate.js');
  if (!existsSync(script)) throw new Error(`${script} does not exist: run npm run build first.`);
  const migration = await startServerProcess({ command: process.execPath, args: [script], env });
  const status = await migration.exited;
  if (status !== 0) {
    throw new Error(`The database could not be prepared for ${service}s: ${migration.output.join('\n')}`);
  }
}
