import { expect, test, vi } from 'vitest';
import { CoalescedRuns } from './coalesced-runs.ts';

function heldRuns(): { runs: CoalescedRuns<string>; started: string[]; finish: (error?: Error) => void } {
  const started: string[] = [];
  const held: PromiseWithResolvers<void>[] = [];
  const runs = new CoalescedRuns<string>((key) => {
    const run = Promise.withResolvers<void>();
    started.push(key);
    held.push(run);
    return run.promise;
  });
  const finish = (error?: Error): void => {
    const run = held.shift();
    if (error) run?.reject(error);
    else run?.resolve();
  };
  return { runs, started, finish };
}

test('all calls during a run share the run after it', async () => {
  const { runs, started, finish } = heldRuns();
  const first = runs.run('room');
  const later = [runs.run('room'), runs.run('room'), runs.run('room')];
  expect(started).toEqual(['room']);
  finish();
  await first;
  await vi.waitFor(() => expect(started).toEqual(['room', 'room']));
  const last = runs.run('room');
  finish();
  await Promise.all(later);
  await vi.waitFor(() => expect(started).toHaveLength(3));
  finish();
  await last;
  void runs.run('room');
  expect(started).toHaveLength(4);
});

test('a failed run rejects its own callers only, and the next run starts', async () => {
  const { runs, started, finish } = heldRuns();
  const first = runs.run('room');
  const second = runs.run('room');
  finish(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  await vi.waitFor(() => expect(started).toHaveLength(2));
  finish();
  await second;
});

test('runs of different keys do not wait for each other', () => {
  const { runs, started } = heldRuns();
  void runs.run('room');
  void runs.run('another room');
  expect(started).toEqual(['room', 'another room']);
});

test('without a key all calls are for the one task', async () => {
  let count = 0;
  const runs = new CoalescedRuns(() => {
    count += 1;
    return Promise.resolve();
  });
  await Promise.all([runs.run(), runs.run(), runs.run()]);
  expect(count).toBe(2);
});
