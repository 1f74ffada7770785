import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startServerProcess, waitForLine } from './server-process.ts';

test('a server process reports the lines of both streams and the exit status', async () => {
  const server = await startServerProcess({ command: '/bin/sh', args: ['-c', 'echo out; echo err >&2; exit 3'] });
  expect(await server.exited).toBe(3);
  expect([...server.output].sort()).toEqual(['err', 'out']);
});

test('a stopped server exits with the status of the signal', async () => {
  const server = await startServerProcess({ command: 'sleep', args: ['600'] });
  await server.stop();
  expect(await server.exited).toBe(128 + 15);
});

test('a paused server can be stopped', async () => {
  const server = await startServerProcess({ command: 'sleep', args: ['600'] });
  server.signal('SIGSTOP');
  await server.stop();
  expect(await server.exited).toBe(128 + 15);
});

test('waitForLine rejects with the last lines when the server exits first', async () => {
  const server = await startServerProcess({ command: '/bin/sh', args: ['-c', 'echo "no room"; exit 1'] });
  await expect(waitForLine(server, 'The server', (line) => line === 'ready')).rejects.toThrow(
    'The server ended with status 1: no room',
  );
});

test('the server ends and its folder is deleted when the process that started it is killed', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'parley-orphan-'));
  const module = JSON.stringify(join(import.meta.dirname, 'server-process.ts'));
  const script = `import(${module}).then(async ({ startServerProcess }) => {
    const args = ['600'];
    const { pid } = await startServerProcess({ command: 'sleep', args, scratch: ${JSON.stringify(scratch)} });
    console.log(pid);
  })`;
  const parent = await startServerProcess({ command: process.execPath, args: ['-e', script] });
  onTestFinished(() => parent.stop());
  await waitForLine(parent, 'The parent', (line) => /^\d+$/.test(line));
  const pid = Number(parent.output[0]);
  expect(isAlive(pid)).toBe(true);
  await parent.stop('SIGKILL');
  await vi.waitFor(() => expect([isAlive(pid), existsSync(scratch)]).toEqual([false, false]), { timeout: 10_000 });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
