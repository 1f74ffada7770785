import { startServerProcess, waitForLine, type ServerProcess } from '@parley/testing/servers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { restartDelay, Supervised } from './supervised.ts';

/** A child that says `up` and waits, or runs another script. */
function supervise(script = 'process.stdout.write("up\\n"); setInterval(() => {}, 1000)') {
  const processes: ServerProcess[] = [];
  const said: string[] = [];
  const cleanUp = vi.fn(() => Promise.resolve());
  const supervised = new Supervised(
    {
      label: 'child',
      patienceMs: 10_000,
      async launch() {
        const started = await startServerProcess({ command: process.execPath, args: ['-e', script] });
        processes.push(started);
        return started;
      },
      ready: (started) => waitForLine(started, 'child', (line) => line === 'up'),
      cleanUp,
    },
    (line) => said.push(line),
  );
  onTestFinished(() => supervised.stop());
  return { supervised, processes, said, cleanUp };
}

test('a child that dies is restarted, and both are said', async () => {
  const { supervised, processes, said } = supervise();
  await supervised.start();
  processes[0]?.signal('SIGKILL');
  await vi.waitFor(() => expect(said).toHaveLength(3), { timeout: 10_000 });
  expect(said).toEqual([
    `child: ready (pid ${processes[0]?.pid})`,
    'child: ended with signal 9; it is restarted in 100 ms',
    `child: ready again (pid ${processes[1]?.pid})`,
  ]);
});

test('a child that was stopped stays so', async () => {
  const { supervised, processes, said, cleanUp } = supervise();
  await supervised.start();
  await supervised.stop();
  expect(await processes[0]?.exited).toBe(143);
  expect(processes).toHaveLength(1);
  expect(said).toHaveLength(1);
  expect(cleanUp).toHaveBeenCalledTimes(1);
});

test('a child that keeps failing is tried again until it is stopped', async () => {
  const { supervised, processes, said } = supervise('process.stdout.write("up\\n"); process.exitCode = 3');
  await supervised.start();
  await vi.waitFor(() => expect(processes.length).toBeGreaterThan(2), { timeout: 10_000 });
  await supervised.stop();
  expect(said).toContain('child: ended with status 3; it is restarted in 200 ms');
});

test('a child that ends before it is ready for the first time is an error and not restarted', async () => {
  const { supervised, processes } = supervise('process.stderr.write("no\\n"); process.exitCode = 1');
  await expect(supervised.start()).rejects.toThrow('child ended with status 1: no');
  expect(processes).toHaveLength(1);
});

test('restarts come within a second at first, and never more than 5 s apart', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100].map(restartDelay)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
});
