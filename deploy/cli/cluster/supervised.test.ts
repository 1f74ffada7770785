import { startServerProcess, waitForLine, type ServerProcess } from '@parley/testing/servers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { restartDelay, Supervised } from './supervised.ts';

/** A child that prints `up` and waits, or runs another script. */
function supervise(script = 'process.stdout.write("up\\n"); setInterval(() => {}, 1000)') {
  const processes: ServerProcess[] = [];
  const lines: string[] = [];
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
    (line) => lines.push(line),
  );
  onTestFinished(() => supervised.stop());
  return { supervised, processes, lines, cleanUp };
}

test('restarts a child that dies, and logs both', async () => {
  const { supervised, processes, lines } = supervise();
  await supervised.start();
  processes[0]?.signal('SIGKILL');
  await vi.waitFor(() => expect(lines).toHaveLength(3), { timeout: 10_000 });
  expect(lines).toEqual([
    `child: ready (pid ${processes[0]?.pid})`,
    'child: ended with signal 9; restarting in 100 ms',
    `child: ready again (pid ${processes[1]?.pid})`,
  ]);
});

test('does not restart a child that was stopped', async () => {
  const { supervised, processes, lines, cleanUp } = supervise();
  await supervised.start();
  await supervised.stop();
  expect(await processes[0]?.exited).toBe(143);
  expect(processes).toHaveLength(1);
  expect(lines).toHaveLength(1);
  expect(cleanUp).toHaveBeenCalledTimes(1);
});

test('restarts a failing child until it is stopped', async () => {
  const { supervised, processes, lines } = supervise('process.stdout.write("up\\n"); process.exitCode = 3');
  await supervised.start();
  await vi.waitFor(() => expect(processes.length).toBeGreaterThan(2), { timeout: 10_000 });
  await supervised.stop();
  expect(lines).toContain('child: ended with status 3; restarting in 200 ms');
});

test('rejects without a restart when a child ends before it is ready for the first time', async () => {
  const { supervised, processes } = supervise('process.stderr.write("no\\n"); process.exitCode = 1');
  await expect(supervised.start()).rejects.toThrow('child ended with status 1: no');
  expect(processes).toHaveLength(1);
});

test('restarts first within a second, and never more than 5 s apart', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100].map(restartDelay)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
});
