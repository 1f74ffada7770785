import { HEARTBEAT_MS } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import { expect, test } from 'vitest';
import { Heartbeat, type HeartbeatTarget } from './heartbeat.ts';

class Socket implements HeartbeatTarget {
  lastWrite = 0;
  closed = false;
  checks = 0;
  readonly heartbeats: number[] = [];
  readonly #heartbeat: Heartbeat;

  constructor(heartbeat: Heartbeat) {
    this.#heartbeat = heartbeat;
  }

  write(): void {
    this.lastWrite = this.#heartbeat.tick;
  }

  onHeartbeat(isSilent: boolean): void {
    this.checks += 1;
    if (!isSilent) return;
    this.heartbeats.push(this.#heartbeat.tick);
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

test('a silent connection gets a heartbeat in every interval', () => {
  const { clock, socket } = setUp();
  clock.advance(4 * HEARTBEAT_MS);
  expect(socket.heartbeats.length).toBeGreaterThanOrEqual(4);
});

test('the time between two writes never exceeds the interval, whenever the connection is written to', () => {
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

test('a connection that is written to gets no heartbeat, and is still checked', () => {
  const { clock, socket } = setUp();
  for (let second = 0; second < 100; second++) {
    socket.write();
    clock.advance(1_000);
  }
  expect(socket.heartbeats).toEqual([]);
  expect(socket.checks).toBeGreaterThanOrEqual(4);
});

test('a closed connection is removed, and all connections share one timer', () => {
  const { clock, heartbeat, socket } = setUp();
  heartbeat.add(new Socket(heartbeat));
  expect(clock.pending).toBe(1);
  socket.closed = true;
  clock.advance(10 * HEARTBEAT_MS);
  expect(socket.checks).toBe(0);
});
