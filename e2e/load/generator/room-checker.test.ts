import { expect, test } from 'vitest';
import { RoomChecker } from './room-checker.ts';

/** Two members, who both send; `first` and `second` get these messages, in turns. */
function deliver(first: readonly number[], second: readonly number[], sent = 4): void {
  const checker = new RoomChecker(2, 2);
  for (let place = 0; place < Math.max(first.length, second.length); place += 1) {
    for (const member of [first, second]) {
      const number = member[place];
      if (number !== undefined) checker.deliver(place, number);
    }
  }
  checker.finish(sent);
}

test('everybody gets everything once and in the same order', () => {
  expect(() => deliver([0, 1, 2, 3], [0, 1, 2, 3])).not.toThrow();
});

test('two senders may overtake each other, if everybody sees it so', () => {
  expect(() => deliver([1, 0, 2, 3], [1, 0, 2, 3])).not.toThrow();
});

test.each([
  ['lost to one', [0, 1, 2, 3], [0, 1, 3]],
  ['lost to one at the end', [0, 1, 2, 3], [0, 1, 2]],
  ['lost to all', [0, 1, 3], [0, 1, 3]],
  ['doubled for one', [0, 1, 2, 3], [0, 1, 1, 2, 3]],
  ['doubled for one at the end', [0, 1, 2, 3], [0, 1, 2, 3, 3]],
  ['doubled for all', [0, 1, 1, 2, 3], [0, 1, 1, 2, 3]],
  ['swapped for one', [0, 1, 2, 3], [0, 2, 1, 3]],
  ['swapped for all, of one sender', [2, 1, 0, 3], [2, 1, 0, 3]],
])('a message that is %s fails the run', (_name, first, second) => {
  expect(() => deliver(first, second)).toThrow(/lost|twice|doubled|later one/);
});

test('a message is complete when the last member has it', () => {
  const checker = new RoomChecker(2, 2);
  expect([checker.deliver(0, 0), checker.deliver(0, 0), checker.complete, checker.arrived]).toEqual([
    false,
    true,
    1,
    1,
  ]);
});

test('deliveries of the same bytes count as well', () => {
  const checker = new RoomChecker(3, 3);
  checker.deliver(0, 0);
  expect([checker.deliverSame(0), checker.deliverSame(0)]).toEqual([false, true]);
  expect(() => checker.deliverSame(0)).toThrow('doubled');
});

test('rings are used again and again', () => {
  const checker = new RoomChecker(1, 1);
  for (let number = 0; number < 200_000; number += 1) checker.deliver(number, number);
  expect(() => checker.finish(200_000)).not.toThrow();
  expect(() => checker.finish(200_001)).toThrow('lost');
});
