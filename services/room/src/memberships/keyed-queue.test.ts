import { expect, test, vi } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';

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
