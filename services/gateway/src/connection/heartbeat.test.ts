import { HEARTBEAT_MS } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import { expect, test } from 'vitest';
import { Heartbeat, type Beating } from './heartbeat.ts';

class Socket implements Beating {
  lastWrite = 0;
  closed = false;
  looks = 0;
  readonly beats: number[] = [];
  readonly #heartbeat: Heartbeat;

  constructor(heartbeat: Heartbeat) {
    this.#heartbeat = heartbeat;
  }

  write(): void {
    this.lastWrite = this.#heartbeat.tick;
  }

  beat(due: boolean): void {
    this.looks += 1;
    if (!due) return;
    this.beats.push(this.#heartbeat.tick);
    this.write();
  }
}

function setUp() {
  const clock = new FakeClock();
  const heartbeat = new Heartbeat(clock);
  const socket = new Socket(heartbeat);
  heartbeat.add(socket);
  return { clock, heartbeat, socket };
}

test('a silent socket gets a heartbeat in every interval', () => {
  const { clock, socket } = setUp();
  clock.advance(4 * HEARTBEAT_MS);
  expect(socket.beats.length).toBeGreaterThanOrEqual(4);
});

test('no pause is longer than the interval, whenever something was written', () => {
  const { clock, socket } = setUp();
  let longest = 0;
  let last = 0;
  for (let second = 1; second <= 600; second++) {
    clock.advance(1_000);
    if (second % 17 === 0 && second < 300) socket.write();
    if (socket.lastWrite > last) {
      longest = Math.max(longest, socket.lastWrite - last);
      last = socket.lastWrite;
    }
  }
  expect(longest * 1_000).toBeLessThanOrEqual(HEARTBEAT_MS);
});

test('a socket that is written to gets none, and is looked at all the same', () => {
  const { clock, socket } = setUp();
  for (let second = 0; second < 100; second++) {
    socket.write();
    clock.advance(1_000);
  }
  expect(socket.beats).toEqual([]);
  expect(socket.looks).toBeGreaterThanOrEqual(4);
});

test('a closed socket is forgotten, and all sockets share one timer', () => {
  const { clock, heartbeat, socket } = setUp();
  heartbeat.add(new Socket(heartbeat));
  expect(clock.pending).toBe(1);
  socket.closed = true;
  clock.advance(10 * HEARTBEAT_MS);
  expect(socket.looks).toBe(0);
});
