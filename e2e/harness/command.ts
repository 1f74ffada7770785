import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export interface CommandRun {
  readonly status: number | null;
  /** Standard output and errors, in the order they came. */
  readonly output: string;
}

export interface RunningCommand {
  readonly ended: Promise<CommandRun>;
  kill(signal: NodeJS.Signals): void;
}

/** One of the scripts behind `npm run …`, over the built product, as a process of its own. */
export function startCommand(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCommand {
  const child = spawn(process.execPath, [`deploy/cli/${script}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<CommandRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
  return { ended, kill: (signal) => void child.kill(signal) };
}

export const runCommand = (...given: Parameters<typeof startCommand>): Promise<CommandRun> =>
  startCommand(...given).ended;
