import { describe, expect, test, vi } from 'vitest';
import { BoundedQueue, KeyedQueue } from './bounded-queue.ts';

const fullError = (): Error => new Error('The queue is full.');
const bounds = { concurrency: 2, maxWaiting: 3, fullError };

function heldTask(): { start: () => Promise<void>; started: ReturnType<typeof vi.fn>; finish: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const started = vi.fn();
  return { start: () => (started(), promise), started, finish: resolve };
}

describe('a bounded queue', () => {
  test('runs a bounded number of tasks at a time, the others afterwards in order', async () => {
    const queue = new BoundedQueue(bounds);
    const tasks = Array.from({ length: 4 }, heldTask);
    const runs = tasks.map(({ start }) => queue.run(start));
    const [first, , third, fourth] = tasks;
    await vi.waitFor(() => expect(tasks.map(({ started }) => started.mock.calls.length)).toEqual([1, 1, 0, 0]));
    first?.finish();
    await vi.waitFor(() => expect(third?.started).toHaveBeenCalled());
    expect(fourth?.started).not.toHaveBeenCalled();
    for (const { finish } of tasks) finish();
    await Promise.all(runs);
    expect(fourth?.started).toHaveBeenCalledOnce();
    expect(queue.idle).toBe(true);
  });

  test('runs one task after the other when its concurrency is 1, also after one has failed', async () => {
    const queue = new BoundedQueue({ ...bounds, concurrency: 1 });
    let running = 0;
    const seen: number[] = [];
    const task = async (fails: boolean): Promise<void> => {
      running += 1;
      seen.push(running);
      await new Promise(setImmediate);
      running -= 1;
      if (fails) throw new Error('broken');
    };
    const results = await Promise.allSettled([true, false, true, false].map((fails) => queue.run(() => task(fails))));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(seen).toEqual([1, 1, 1, 1]);
  });

  test('rejects a task without running it when too many wait, and takes tasks again afterwards', async () => {
    const queue = new BoundedQueue(bounds);
    const tasks = Array.from({ length: 6 }, heldTask);
    const [refused, ...accepted] = [...tasks].reverse();
    const runs = accepted.map(({ start }) => queue.run(start));
    await expect(queue.run(() => refused?.start() ?? Promise.resolve())).rejects.toThrow('The queue is full.');
    for (const { finish } of tasks) finish();
    await Promise.all(runs);
    expect(refused?.started).not.toHaveBeenCalled();
    expect(await queue.run(() => Promise.resolve('again'))).toBe('again');
  });

  test('settles as the task does, and a failed task leaves its slot to the next', async () => {
    const queue = new BoundedQueue({ ...bounds, concurrency: 1 });
    const failing = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});

describe('a keyed queue', () => {
  const oneEach = { ...bounds, concurrency: 1 };

  test('runs tasks of one key one after the other, and those of another key meanwhile', async () => {
    const queue = new KeyedQueue<string>(oneEach);
    const { promise, resolve } = Promise.withResolvers<string>();
    const second = vi.fn(() => Promise.resolve('second'));
    const first = queue.run('room', () => promise);
    const waiting = queue.run('room', second);
    expect(await queue.run('another room', () => Promise.resolve('other'))).toBe('other');
    expect(second).not.toHaveBeenCalled();
    resolve('first');
    expect(await Promise.all([first, waiting])).toEqual(['first', 'second']);
  });

  test('runs the next task of a key after one that failed', async () => {
    const queue = new KeyedQueue<string>(oneEach);
    const failing = queue.run('room', () => Promise.reject(new Error('no')));
    const next = queue.run('room', () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  test('bounds each key by itself', async () => {
    const queue = new KeyedQueue<string>(oneEach);
    const { promise, resolve } = Promise.withResolvers<void>();
    const accepted = Array.from({ length: 1 + oneEach.maxWaiting }, () => queue.run('room', () => promise));
    const task = vi.fn(() => Promise.resolve());
    await expect(queue.run('room', task)).rejects.toThrow('The queue is full.');
    await queue.run('another room', task);
    expect(task).toHaveBeenCalledTimes(1);
    resolve();
    await Promise.all(accepted);
    await queue.run('room', task);
    expect(task).toHaveBeenCalledTimes(2);
  });
});
