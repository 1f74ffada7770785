import { expect, test, vi } from 'vitest';
import { SharedRuns } from './shared-runs.ts';

function heldRuns(): { runs: SharedRuns<string>; begun: string[]; end: (error?: Error) => void } {
  const begun: string[] = [];
  const held: PromiseWithResolvers<void>[] = [];
  const runs = new SharedRuns<string>((key) => {
    const run = Promise.withResolvers<void>();
    begun.push(key);
    held.push(run);
    return run.promise;
  });
  const end = (error?: Error): void => {
    const run = held.shift();
    if (error) run?.reject(error);
    else run?.resolve();
  };
  return { runs, begun, end };
}

test('all who ask during a run share the one after it', async () => {
  const { runs, begun, end } = heldRuns();
  const first = runs.run('room');
  const later = [runs.run('room'), runs.run('room'), runs.run('room')];
  expect(begun).toEqual(['room']);
  end();
  await first;
  await vi.waitFor(() => expect(begun).toEqual(['room', 'room']));
  const last = runs.run('room');
  end();
  await Promise.all(later);
  await vi.waitFor(() => expect(begun).toHaveLength(3));
  end();
  await last;
  void runs.run('room');
  expect(begun).toHaveLength(4);
});

test('a failure is told to those who asked for that run, and the next begins all the same', async () => {
  const { runs, begun, end } = heldRuns();
  const first = runs.run('room');
  const second = runs.run('room');
  end(new Error('no'));
  await expect(first).rejects.toThrow('no');
  await vi.waitFor(() => expect(begun).toHaveLength(2));
  end();
  await second;
});

test('keys do not wait for each other', () => {
  const { runs, begun } = heldRuns();
  void runs.run('room');
  void runs.run('another room');
  expect(begun).toEqual(['room', 'another room']);
});
