import { expect, test } from 'vitest';
import { OneAtATime, QueueFullError } from './one-at-a-time.ts';

test('runs one task after the other, also after one has failed', async () => {
  const queue = new OneAtATime(10);
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

test('refuses what does not fit, and takes more when there is space', async () => {
  const queue = new OneAtATime(1);
  const [first, second] = [queue.run(() => Promise.resolve(1)), queue.run(() => Promise.resolve(2))];
  await expect(queue.run(() => Promise.resolve(3))).rejects.toThrow(QueueFullError);
  expect(await Promise.all([first, second])).toEqual([1, 2]);
  expect(await queue.run(() => Promise.resolve(4))).toBe(4);
});
