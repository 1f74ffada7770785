import { expect, test } from 'vitest';
import { FakeClock } from './fake-clock.ts';

test('runs timers in the order of their times, including one that is set meanwhile', () => {
  const clock = new FakeClock();
  const ran: string[] = [];
  const record = (name: string) => () => ran.push(`${name} at ${clock.monotonic()}`);
  clock.after(20, record('late'));
  clock.after(10, () => {
    record('early')();
    clock.after(5, record('added'));
  });
  clock.advance(30);
  expect(ran).toEqual(['early at 10', 'added at 15', 'late at 20']);
  expect(clock.pending).toBe(0);
});

test('repeats a task until it is stopped', () => {
  const clock = new FakeClock();
  let runs = 0;
  const stop = clock.every(10, () => (runs += 1));
  clock.advance(35);
  expect(runs).toBe(3);
  stop();
  clock.advance(100);
  expect([runs, clock.pending]).toEqual([3, 0]);
});

test('setting the time of the machine moves now() only', () => {
  const clock = new FakeClock(1_000);
  clock.advance(5);
  clock.setNow(90);
  expect([clock.now(), clock.monotonic()]).toEqual([90, 5]);
  clock.advance(5);
  expect([clock.now(), clock.monotonic()]).toEqual([95, 10]);
});
