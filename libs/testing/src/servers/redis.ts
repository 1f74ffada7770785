import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer } from './find-server.ts';
import { freePort } from './free-port.ts';
import { redisArguments } from './redis-server.ts';
import { startServerProcess, waitForLine, type ServerProcess } from './server-process.ts';

export interface RedisServer {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** SIGKILL; restart uses the same port. */
  kill(): Promise<void>;
  /** Starts the server again after kill, empty. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay open but do not respond. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** Starts a server on a free port, without persistence. */
export async function startRedis({
  server: name,
  args = [],
}: {
  server: 'valkey' | 'redis';
  args?: readonly string[];
}): Promise<RedisServer> {
  const found = await findServer(name);
  if ('missing' in found) throw new Error(`${found.missing} ${found.remedy}`);
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'parley-redis-'));
  const start = async (): Promise<ServerProcess> => {
    const child = await startServerProcess({
      command: found.command,
      args: [...redisArguments({ port, folder }), ...args],
      scratch: folder,
    });
    await waitForLine(child, name, (line) => line.includes('Ready to accept connections'));
    return child;
  };
  let server = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    kill: () => server.stop('SIGKILL'),
    async restart() {
      await server.exited;
      server = await start();
    },
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    async stop() {
      await server.stop('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
