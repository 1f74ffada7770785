import { expect, test } from 'vitest';
import { SerialJob } from './serial-job.ts';

function controlledJob() {
  const runs: PromiseWithResolvers<void>[] = [];
  const job = new SerialJob(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  });
  return { job, runs };
}

test('those who ask while it runs share one run that begins afterwards', async () => {
  const { job, runs } = controlledJob();
  const first = job.run();
  const second = job.run();
  const third = job.run();
  expect(runs).toHaveLength(1);
  runs[0]?.resolve();
  await first;
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.resolve();
  await Promise.all([second, third]);
  expect(runs).toHaveLength(2);
});

test('a failure is told to those who asked for that run only', async () => {
  const { job, runs } = controlledJob();
  const first = job.run();
  const second = job.run();
  runs[0]?.reject(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.resolve();
  await second;
});
