import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

/** A process that closes like this when it is told to end. */
async function startProcess(
  close: string,
): Promise<{ child: ChildProcess; ended: Promise<unknown[]>; stderr: string[] }> {
  const script = `
    import { runUntilSignal } from ${JSON.stringify(new URL('./shutdown.ts', import.meta.url).href)};
    setInterval(() => {}, 1000);
    runUntilSignal(${close});
    process.stdout.write('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const stderr: string[] = [];
  child.stderr.on('data', (chunk) => stderr.push(String(chunk)));
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  return { child, ended, stderr };
}

test.each(['SIGINT', 'SIGTERM'] as const)('on %s the process closes and ends with 0', async (signal) => {
  const { child, ended, stderr } = await startProcess(`async () => { process.stderr.write('closed'); }`);
  child.kill(signal);
  expect(await ended).toEqual([0, null]);
  expect(stderr.join('')).toBe('closed');
});

test('a second signal does not wait for closing', async () => {
  const { child, ended } = await startProcess(
    `() => { process.stderr.write('closing'); return new Promise(() => {}); }`,
  );
  const closing = once(child.stderr ?? child, 'data');
  child.kill('SIGTERM');
  await closing;
  child.kill('SIGTERM');
  expect(await ended).toEqual([1, null]);
});

test('a failure in closing is told', async () => {
  const { child, ended, stderr } = await startProcess(`async () => { throw new Error('the disk is gone'); }`);
  child.kill('SIGTERM');
  expect(await ended).toEqual([1, null]);
  expect(stderr.join('')).toContain('Closing failed: Error: the disk is gone');
});
