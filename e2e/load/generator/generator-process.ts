/** A process of the load generator: follows the commands of its parent (plan.ts), and reports failures. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Histogram } from './histogram.ts';
import { LoadRoom, type Tally } from './load-room.ts';
import type { Answer, Counts, Order, Pattern, Plan } from './plan.ts';

/** Connections that are being made at the same time. */
const CONNECTING = 100;
const DRAIN_MS = 20_000;
const POLL_MS = 20;

const answer = (message: Answer): void => void process.send?.(message);
const fail = (reason: string): void => answer({ kind: 'failed', reason });

const tally: Tally = { deliveries: 0, frames: 0, messages: 0, latencies: new Histogram() };
let rooms: readonly LoadRoom[] = [];
let talks = false;
let began = { at: 0, cpu: process.cpuUsage() };

async function connect(plan: Plan): Promise<void> {
  const startedAt = performance.now();
  talks = plan.talks;
  let faulty = false;
  const onFault = (reason: string): void => {
    if (!faulty) fail(reason);
    faulty = true;
  };
  rooms = plan.rooms.map((planned) => new LoadRoom(planned, plan, tally, onFault));
  const waiting = rooms.flatMap(({ members }) => members).values();
  const connectAll = async (): Promise<void> => {
    for (const member of waiting) await member.connect();
  };
  await Promise.all(Array.from({ length: CONNECTING }, connectAll));
  answer({ kind: 'connected', milliseconds: performance.now() - startedAt });
}

function talk(pattern: Pattern): void {
  if (talks) for (const room of rooms) room.talk(pattern);
  answer({ kind: 'done' });
}

function begin(): void {
  Object.assign(tally, { deliveries: 0, frames: 0, messages: 0, latencies: new Histogram() });
  began = { at: performance.now(), cpu: process.cpuUsage() };
  answer({ kind: 'done' });
}

function end(): void {
  const milliseconds = performance.now() - began.at;
  const { user, system } = process.cpuUsage(began.cpu);
  const counts: Counts = {
    deliveries: tally.deliveries,
    frames: tally.frames,
    messages: tally.messages,
    latencies: tally.latencies.toCounts(),
    seconds: milliseconds / 1_000,
    busy: (user + system) / 1_000 / milliseconds,
  };
  answer({ kind: 'counted', counts });
}

async function finish(sentElsewhere: readonly number[] | undefined): Promise<void> {
  for (const room of rooms) room.silence();
  const sent = sentElsewhere ?? rooms.map((room) => room.sent);
  const deadline = performance.now() + DRAIN_MS;
  const isComplete = (): boolean => rooms.every(({ complete }, index) => complete >= (sent[index] ?? 0));
  while (!isComplete() && performance.now() < deadline) await sleep(POLL_MS);
  for (const [index, room] of rooms.entries()) room.check(sent[index] ?? 0);
  answer({ kind: 'finished', sent });
}

async function obey(order: Order): Promise<void> {
  switch (order.kind) {
    case 'connect':
      return connect(order.plan);
    case 'talk':
      return talk(order.pattern);
    case 'begin':
      return begin();
    case 'end':
      return end();
    case 'finish':
      return finish(order.sent);
    case 'close':
      process.exit(0);
  }
}

process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => fail((error as Error).message));
});
process.on('disconnect', () => process.exit(1));
