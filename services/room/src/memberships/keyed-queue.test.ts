import { expect, test, vi } from 'vitest';
import { KeyedQueue, MAX_TASKS } from './keyed-queue.ts';

test('tasks of one key run one after another, those of another key meanwhile', async () => {
  const queue = new KeyedQueue<string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  const second = vi.fn(() => Promise.resolve('second'));
  const first = queue.run('room', () => promise);
  const waiting = queue.run('room', second);
  expect(await queue.run('another room', () => Promise.resolve('other'))).toBe('other');
  expect(second).not.toHaveBeenCalled();
  resolve('first');
  expect(await Promise.all([first, waiting])).toEqual(['first', 'second']);
});

test('a task that fails does not hold up the next', async () => {
  const queue = new KeyedQueue<string>();
  const failing = queue.run('room', () => Promise.reject(new Error('no')));
  const next = queue.run('room', () => Promise.resolve('yes'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

test('what comes when too many of a key wait is refused and not run, until some are done', async () => {
  const queue = new KeyedQueue<string>();
  const { promise, resolve } = Promise.withResolvers<void>();
  const waiting = Array.from({ length: MAX_TASKS }, () => queue.run('room', () => promise));
  const task = vi.fn(() => Promise.resolve());
  await expect(queue.run('room', task)).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
  await queue.run('another room', task);
  expect(task).toHaveBeenCalledTimes(1);
  resolve();
  await Promise.all(waiting);
  await queue.run('room', task);
  expect(task).toHaveBeenCalledTimes(2);
});
