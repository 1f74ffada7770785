import { expect, test, vi } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';

const bounds = { atOnce: 2, maxWaiting: 3, retryAfterMs: 700 };

function heldTask(): { start: () => Promise<void>; started: ReturnType<typeof vi.fn>; finish: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const started = vi.fn();
  return { start: () => (started(), promise), started, finish: resolve };
}

test('at most so many run at once, and the others follow in order', async () => {
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
});

test('whoever comes when too many wait is told to try again, and nothing of theirs runs', async () => {
  const queue = new BoundedQueue(bounds);
  const tasks = Array.from({ length: 6 }, heldTask);
  const [refused, ...accepted] = [...tasks].reverse();
  const runs = accepted.map(({ start }) => queue.run(start));
  await expect(queue.run(() => refused?.start() ?? Promise.resolve())).rejects.toMatchObject({
    code: 'unavailable',
    retryAfterMs: 700,
  });
  for (const { finish } of tasks) finish();
  await Promise.all(runs);
  expect(refused?.started).not.toHaveBeenCalled();
});

test('a task that fails gives its place to the next', async () => {
  const queue = new BoundedQueue({ ...bounds, atOnce: 1 });
  const failing = queue.run(() => Promise.reject(new Error('no')));
  const next = queue.run(() => Promise.resolve('yes'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
  expect(await queue.run(() => Promise.resolve('again'))).toBe('again');
});
