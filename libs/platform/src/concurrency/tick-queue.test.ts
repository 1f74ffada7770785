import { expect, test } from 'vitest';
import { TickQueue } from './tick-queue.ts';

test('passes on all items of a turn at once, each once, and the items of the next turn afterwards', async () => {
  const flushed: string[][] = [];
  const queue = new TickQueue<string>((items) => flushed.push([...items]));
  queue.add('a');
  queue.add('b');
  queue.add('a');
  expect(flushed).toEqual([]);
  await new Promise(setImmediate);
  expect(flushed).toEqual([['a', 'b']]);
  queue.add('c');
  await new Promise(setImmediate);
  expect(flushed).toEqual([['a', 'b'], ['c']]);
});
