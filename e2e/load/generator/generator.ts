import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Histogram } from './histogram.ts';
import type { Answer, Counts, Order, Pattern, Plan, PlannedRoom, RoomShare } from './plan.ts';

/** Above this share of one processor's time a process of the generator may have been what limited the load. */
const LIMIT_BUSY = 0.9;

/** What all processes of the generator counted together. */
export interface LoadCounts {
  readonly deliveries: number;
  /** WebSocket frames that they came in. */
  readonly frames: number;
  readonly messages: number;
  readonly seconds: number;
  readonly latencies: Histogram;
  /** The busiest process's share of the time of one processor. */
  readonly busy: number;
  /** The generator, not the server, limited the figure. */
  readonly generatorWasLimit: boolean;
}

/** The load generator: processes of its own, so that measuring takes nothing of the server's thread. */
export class Generator {
  readonly #children: readonly ChildProcess[];

  constructor(processes: number) {
    this.#children = Array.from({ length: processes }, () =>
      fork(join(import.meta.dirname, 'generator-process.ts'), { execArgv: ['--conditions=source'] }),
    );
  }

  /** Resolves when everybody is in their room, with the milliseconds that it took. */
  async connect(plan: Omit<Plan, 'talks' | 'rooms'> & { readonly rooms: readonly PlannedRoom[] }): Promise<number> {
    const shares = share(plan.rooms, this.#children.length);
    const answers = await this.#orderAll((index) => ({
      kind: 'connect',
      plan: { ...plan, rooms: shares[index] ?? [], talks: index === 0 || plan.rooms.length > 1 },
    }));
    return Math.max(...answers.map((answer) => (answer.kind === 'connected' ? answer.milliseconds : 0)));
  }

  async talk(pattern: Pattern): Promise<void> {
    await this.#orderAll(() => ({ kind: 'talk', pattern }));
  }

  async begin(): Promise<void> {
    await this.#orderAll(() => ({ kind: 'begin' }));
  }

  async end(): Promise<LoadCounts> {
    const answers = await this.#orderAll(() => ({ kind: 'end' }));
    return sum(answers.flatMap((answer) => (answer.kind === 'counted' ? [answer.counts] : [])));
  }

  /** Rejects unless every member got every message once and in the order of the others. */
  async finish(): Promise<void> {
    const [first, ...others] = this.#children;
    if (first === undefined) return;
    const finished = await order(first, { kind: 'finish' });
    const sent = finished.kind === 'finished' ? finished.sent : [];
    await Promise.all(others.map((child) => order(child, { kind: 'finish', sent })));
  }

  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  #orderAll(orderOf: (index: number) => Order): Promise<Answer[]> {
    return Promise.all(this.#children.map((child, index) => order(child, orderOf(index))));
  }
}

/** Rejects with what went wrong in that process, at once or later. */
function order(child: ChildProcess, message: Order): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off('message', onAnswer);
      child.off('exit', onExit);
    };
    const onAnswer = (answer: Answer): void => {
      settle();
      if (answer.kind === 'failed') reject(new Error(answer.reason));
      else resolve(answer);
    };
    const onExit = (): void => {
      settle();
      reject(new Error('A process of the load generator has ended.'));
    };
    child.on('message', onAnswer);
    child.on('exit', onExit);
    child.send(message);
  });
}

/** Whole rooms to each process; a single room's members are divided, and those of the first process talk. */
function share(rooms: readonly PlannedRoom[], processes: number): RoomShare[][] {
  const [only] = rooms;
  const indexes = Array.from({ length: processes }, (_, index) => index);
  const mine = <Item>(items: readonly Item[], index: number): Item[] =>
    items.filter((_item, at) => at % processes === index);
  if (rooms.length > 1 || only === undefined) {
    return indexes.map((index) => mine(rooms, index).map((room) => ({ ...room, senders: room.members.length })));
  }
  const senders = mine(only.members, 0).length;
  return indexes.map((index) => [{ ...only, senders, members: mine(only.members, index) }]);
}

function sum(counts: readonly Counts[]): LoadCounts {
  const latencies = new Histogram();
  for (const count of counts) latencies.add(new Histogram(count.latencies));
  const busy = Math.max(...counts.map((count) => count.busy));
  return {
    deliveries: counts.reduce((total, count) => total + count.deliveries, 0),
    frames: counts.reduce((total, count) => total + count.frames, 0),
    messages: counts.reduce((total, count) => total + count.messages, 0),
    seconds: Math.max(...counts.map(({ seconds }) => seconds)),
    latencies,
    busy,
    generatorWasLimit: busy > LIMIT_BUSY,
  };
}
