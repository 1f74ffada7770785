import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const WATCHED = join(import.meta.dirname, 'watched.sh');

export interface ServerProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Signal for the command when this process has ended. */
  readonly signalWhenOrphaned?: 'TERM' | 'KILL';
  /** An existing folder to delete when this process has ended. */
  readonly scratch?: string;
}

/** A command that never outlives this process. It runs in its own session, so Ctrl-C in the terminal does not reach it. */
export interface ServerProcess {
  readonly pid: number;
  /** The last 200 lines of stdout and stderr. */
  readonly output: readonly string[];
  /** The exit code; 128 + n when signal n ended the command. */
  readonly exited: Promise<number>;
  onLine(listener: (line: string) => void): void;
  signal(name: NodeJS.Signals): void;
  /** Sends the signal, and SIGKILL when the command has not ended after `timeoutMs`. */
  stop(name?: NodeJS.Signals, timeoutMs?: number): Promise<void>;
}

const KEPT_LINES = 200;

/** Throws when the command cannot be started. A command that exits immediately is visible in `exited`. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { command, args, signalWhenOrphaned = 'KILL', scratch = '', env = process.env } = options;
  const shell = spawn('/bin/sh', [WATCHED, signalWhenOrphaned, scratch, command, ...args], {
    detached: true,
    env,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  }) as ChildProcessByStdio<Writable, Readable, Readable>;
  shell.stdin.on('error', () => undefined);
  const exited = once(shell, 'exit').then(([code]) => (typeof code === 'number' ? code : 128));

  const output: string[] = [];
  const listeners: ((line: string) => void)[] = [];
  for (const stream of [shell.stdout, shell.stderr]) {
    onLines(stream, (line) => {
      output.push(line);
      if (output.length > KEPT_LINES) output.shift();
      for (const listener of listeners) listener(line);
    });
  }
  const pid = await readPid(shell.stdio[3] as Readable);
  let ended = false;
  void exited.then(() => (ended = true));

  const signal = (name: NodeJS.Signals): void => {
    if (!ended) sendSignal(pid, name);
  };
  return {
    pid,
    output,
    exited,
    onLine: (listener) => void listeners.push(listener),
    signal,
    async stop(name = 'SIGTERM', timeoutMs = 5_000) {
      signal(name);
      // A paused process receives no other signal.
      signal('SIGCONT');
      const timer = setTimeout(() => signal('SIGKILL'), timeoutMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Resolves with the first matching line; rejects with the last lines of the output when the server exits first. */
export async function waitForLine(
  server: ServerProcess,
  name: string,
  matches: (line: string) => boolean,
): Promise<void> {
  if (server.output.some(matches)) return;
  const seen = new Promise<'seen'>((resolve) => {
    server.onLine((line) => matches(line) && resolve('seen'));
  });
  const outcome = await Promise.race([seen, server.exited]);
  if (outcome !== 'seen') {
    throw new Error(`${name} ended with status ${outcome}: ${errorLines(server.output).join('\n')}`);
  }
}

/** The lines that mongod logs as errors or fatal, or the last lines of other servers. */
function errorLines(output: readonly string[]): readonly string[] {
  const marked = output.filter((line) => /"s":"[EF]"/.test(line));
  return (marked.length > 0 ? marked : output).slice(-5);
}

async function readPid(stream: Readable): Promise<number> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return Number.parseInt(text, 10);
}

function sendSignal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function onLines(stream: Readable, listener: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(listener);
  });
}
