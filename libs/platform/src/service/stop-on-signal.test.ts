import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

/** A process that stops by running this code. */
async function startProcess(
  stop: string,
): Promise<{ child: ChildProcess; ended: Promise<unknown[]>; stderr: string[] }> {
  const script = `
    import { stopOnSignal } from ${JSON.stringify(new URL('./stop-on-signal.ts', import.meta.url).href)};
    setInterval(() => {}, 1000);
    stopOnSignal(${stop});
    process.stdout.write('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const stderr: string[] = [];
  child.stderr.on('data', (chunk) => stderr.push(String(chunk)));
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  return { child, ended, stderr };
}

test.each(['SIGINT', 'SIGTERM'] as const)('stops the process with status 0 on %s', async (signal) => {
  const { child, ended, stderr } = await startProcess(`async () => { process.stderr.write('stopped'); }`);
  child.kill(signal);
  expect(await ended).toEqual([0, null]);
  expect(stderr.join('')).toBe('stopped');
});

test('ends the process at once on a second signal', async () => {
  const { child, ended } = await startProcess(
    `() => { process.stderr.write('stopping'); return new Promise(() => {}); }`,
  );
  const stopping = once(child.stderr ?? child, 'data');
  child.kill('SIGTERM');
  await stopping;
  child.kill('SIGTERM');
  expect(await ended).toEqual([1, null]);
});

test('ends the process with status 1 and the reason when stopping fails', async () => {
  const { child, ended, stderr } = await startProcess(`async () => { throw new Error('the disk is gone'); }`);
  child.kill('SIGTERM');
  expect(await ended).toEqual([1, null]);
  expect(stderr.join('')).toContain('Stopping failed: Error: the disk is gone');
});
