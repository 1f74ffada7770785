import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort, freePortRange } from '@parley/testing/servers';
import { readMetric } from './metrics.ts';

const root = join(import.meta.dirname, '..', '..');

/** Parley as it is run for people: built, in processes of its own. */
export interface RunningParley {
  readonly mode: 'embedded' | 'cluster';
  /** One per gateway; any will do. */
  readonly urls: readonly [string, ...string[]];
  /** A metric, summed over the gateways. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

type ServiceName = 'gateway' | 'room' | 'message';

export interface RunningCluster extends RunningParley {
  /** Ends a process of that service as a crash would, the first gateway for one; resolves when it is ready again. */
  crash(service: ServiceName): Promise<void>;
}

/** Parley in one process, which can be ended without a word and started again over the same data. */
export interface EmbeddedParley extends RunningParley {
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** The process that runs now. */
  readonly processId: number;
}

export interface Options {
  readonly env?: Readonly<Record<string, string>>;
  /** Receives each line that the processes print. */
  readonly onLine?: (line: string) => void;
}

/** Limits that a test with many people from one address would hit. */
const OPEN_LIMITS = { PARLEY_LIMIT_SIGNUPS_PER_HOUR: '0', PARLEY_LIMIT_LOGINS_PER_MINUTE: '0' };

/** Starts the process and resolves with the first line of its output that the pattern matches. */
async function startAndAwait(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  pattern: RegExp,
  onLine: (line: string) => void = () => undefined,
): Promise<{ child: ChildProcess; match: RegExpMatchArray }> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...OPEN_LIMITS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    output += `${line}\n`;
    onLine(line);
  });
  const lines = createInterface({ input: child.stdout });
  const match = await new Promise<RegExpMatchArray>((resolve, reject) => {
    lines.on('line', (line) => {
      output += `${line}\n`;
      onLine(line);
      const found = pattern.exec(line);
      if (found) resolve(found);
    });
    child.once('exit', (status) => reject(new Error(`Parley ended with ${status} before it was ready:\n${output}`)));
  });
  return { child, match };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

export async function startEmbedded({ env = {}, onLine }: Options = {}): Promise<EmbeddedParley> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-embedded-'));
  const [port, managementPort] = [await freePort(), await freePort()];
  const settings = {
    PARLEY_PORT: String(port),
    PARLEY_DATA_DIR: dataDir,
    PARLEY_MANAGEMENT_PORT: String(managementPort),
    ...env,
  };
  const start = () => startAndAwait(['services/standalone/dist/main.js'], settings, /served at (\S+)/, onLine);
  let { child, match } = await start();
  return {
    mode: 'embedded',
    urls: [match[1] ?? ''],
    metric: (name) => readMetric(`http://127.0.0.1:${managementPort}`, name),
    get processId() {
      return child.pid ?? 0;
    },
    async kill() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    async restart() {
      ({ child, match } = await start());
    },
    async stop() {
      await stopped(child);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The services' processes, as the launcher tells of them. */
class Processes {
  readonly #pids = new Map<string, number>();
  #waiting: { readonly label: string; readonly resolve: () => void }[] = [];

  read(line: string): void {
    const [, label, pid] = /^parley-(\w+ \d+): ready.* \(pid (\d+)\)$/.exec(line) ?? [];
    if (label === undefined) return;
    this.#pids.set(label, Number(pid));
    for (const { resolve } of this.#waiting.filter((waiting) => waiting.label === label)) resolve();
    this.#waiting = this.#waiting.filter((waiting) => waiting.label !== label);
  }

  async crash(service: ServiceName): Promise<void> {
    const [first] = [...this.#pids].filter(([label]) => label.startsWith(`${service} `)).sort();
    if (first === undefined) throw new Error(`No ${service} is running.`);
    const [label, pid] = first;
    const readyAgain = new Promise<void>((resolve) => this.#waiting.push({ label, resolve }));
    process.kill(pid, 'SIGKILL');
    await readyAgain;
  }
}

/** Two gateways and two message services over servers that the launcher finds, or over those that `env` names. */
export async function startCluster({ env = {}, onLine }: Options = {}): Promise<RunningCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-cluster-'));
  const basePort = String(await freePortRange(2));
  const processes = new Processes();
  const { child, match } = await startAndAwait(
    ['--conditions=source', 'deploy/cli/cluster.ts', '--gateways', '2', '--messages', '2', '--base-port', basePort],
    { PARLEY_DATA_DIR: dataDir, ...env },
    /^ready: (\S+) (\S+)$/,
    (line) => {
      processes.read(line);
      onLine?.(line);
    },
  );
  return {
    mode: 'cluster',
    urls: [match[1] ?? '', match[2] ?? ''],
    metric: () => Promise.reject(new Error('The cluster does not say where its metrics are.')),
    crash: (service) => processes.crash(service),
    async stop() {
      await stopped(child);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
