import type { ConnectionId, PresenceStatus, UserId } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../testing/logs.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { MemoryConnectionRecord, type MemoryRows } from './connection-record.memory.ts';
import { LINGER_MS, Presence, RETRY_MS, TICK_MS } from './presence.ts';
import type { StatusChange } from './presence-announcer.ts';

const ada = 'ada' as UserId;
const bob = 'bob' as UserId;
const connection = (name: string, userId = ada) => ({ connectionId: name as ConnectionId, userId });

/** Remembers what is announced; it may be unable to. */
class Announcer {
  readonly changes: StatusChange[] = [];
  readonly seen: UserId[] = [];
  available = true;

  async announce(changes: readonly StatusChange[]): Promise<void> {
    if (!this.available) throw new Error('The bus is away.');
    this.changes.push(...changes);
  }

  async noteSeen(userIds: readonly UserId[]): Promise<void> {
    this.seen.push(...userIds);
  }
}

let clock: FakeClock;
let rows: MemoryRows;
let announcer: Announcer;
beforeEach(() => {
  [clock, rows, announcer] = [new FakeClock(), new Map(), new Announcer()];
});

const gateway = (name: string, record: ConnectionRecord = new MemoryConnectionRecord(name, rows)): Presence =>
  new Presence(record, announcer as never, clock, silentLogger);

const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Everything that falls due meanwhile, and what follows from it, has happened. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= TICK_MS) {
    clock.advance(Math.min(left, TICK_MS));
    for (let turn = 0; turn < 4; turn++) await quiet();
  }
}

const told = (): string[] => announcer.changes.map(({ userId, from, to }) => `${userId} ${from} ${to}`);
const statusOf = async (presence: Presence, userId = ada): Promise<PresenceStatus | undefined> =>
  (await presence.find([userId])).get(userId);

test('what happens within a tick is told at its end, once for each person', async () => {
  const here = gateway('here');
  here.enter(connection('one'));
  here.enter(connection('two'));
  here.enter(connection('three', bob));
  await pass(TICK_MS - 1);
  expect(told()).toEqual([]);
  await pass(1);
  expect(told()).toEqual(['ada offline online', 'bob offline online']);
});

test('whoever goes and is back within ten seconds was never gone, at another gateway neither', async () => {
  const [here, there] = [gateway('here'), gateway('there')];
  here.enter(connection('one'));
  await pass(TICK_MS);
  here.leave(connection('one'));
  await pass(LINGER_MS - 1_000);
  here.enter(connection('two'));
  await pass(LINGER_MS);
  here.leave(connection('two'));
  await pass(LINGER_MS - 1_000);
  there.enter(connection('three'));
  await pass(LINGER_MS);
  expect(told()).toEqual(['ada offline online']);
  expect(await statusOf(here)).toBe('online');
});

test('somebody is there until the last of their devices has gone', async () => {
  const [here, there] = [gateway('here'), gateway('there')];
  here.enter(connection('one'));
  there.enter(connection('two'));
  await pass(TICK_MS);
  announcer.changes.splice(0);
  here.leave(connection('one'));
  await pass(LINGER_MS + TICK_MS);
  expect(told()).toEqual([]);
  there.leave(connection('two'));
  await pass(LINGER_MS + TICK_MS);
  expect(told()).toEqual(['ada online offline']);
  expect(await statusOf(here)).toBe('offline');
});

test('somebody is away when all of their connections are', async () => {
  const [here, there] = [gateway('here'), gateway('there')];
  here.enter(connection('one'));
  there.enter(connection('two'));
  await pass(TICK_MS);
  announcer.changes.splice(0);
  here.setAway(connection('one'), true);
  await pass(TICK_MS);
  // Nothing new, as whoever hears it sees; but another gateway may have told something else in the meantime.
  expect(told()).toEqual(['ada online online']);
  there.setAway(connection('two'), true);
  await pass(TICK_MS);
  here.setAway(connection('one'), true);
  await pass(TICK_MS);
  here.setAway(connection('one'), false);
  await pass(TICK_MS);
  expect(told().slice(1)).toEqual(['ada online away', 'ada away online']);
});

test('what cannot be told is told when it is tried again', async () => {
  const here = gateway('here');
  announcer.available = false;
  here.enter(connection('one'));
  await pass(TICK_MS);
  announcer.available = true;
  await pass(RETRY_MS);
  expect(told()).toEqual(['ada offline online']);
});

test('of the people of a dead gateway those are told who are not online elsewhere', async () => {
  let orphaned: (userIds: readonly UserId[]) => void = () => undefined;
  const record = new MemoryConnectionRecord('here', rows);
  record.onOrphans = (listener) => {
    orphaned = listener;
    return () => undefined;
  };
  const here = gateway('here', record);
  here.onApplicationBootstrap();
  here.enter(connection('one', bob));
  await pass(TICK_MS);
  announcer.changes.splice(0);
  orphaned([ada, bob]);
  await pass(TICK_MS);
  expect(told()).toEqual(['ada online offline']);
});

test('a gateway that closes tells of nobody, and says when it saw its people', async () => {
  const here = gateway('here');
  here.enter(connection('one'));
  here.enter(connection('two', bob));
  await pass(TICK_MS);
  announcer.changes.splice(0);
  here.leave(connection('one'));
  await here.close();
  await pass(LINGER_MS + TICK_MS);
  expect(told()).toEqual([]);
  expect(announcer.seen).toEqual([ada, bob]);
  expect(clock.pending).toBe(0);
});

describe('whatever several gateways do at once', () => {
  /** A record whose answers take their time. */
  class SlowRecord extends MemoryConnectionRecord {
    readonly #wait: () => Promise<void>;

    constructor(name: string, wait: () => Promise<void>) {
      super(name, rows);
      this.#wait = wait;
    }

    override async write(...given: Parameters<MemoryConnectionRecord['write']>): Promise<void> {
      await this.#wait();
      await super.write(...given);
      await this.#wait();
    }

    override async find(
      ...given: Parameters<MemoryConnectionRecord['find']>
    ): ReturnType<MemoryConnectionRecord['find']> {
      await this.#wait();
      const found = await super.find(...given);
      await this.#wait();
      return found;
    }
  }

  const step = fc.record({
    place: fc.nat(2),
    does: fc.constantFrom('enter', 'leave', 'away', 'back'),
    turns: fc.nat(6),
  });

  test('the last that is told is how it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), fc.scheduler(), async (steps, scheduler) => {
        [clock, rows, announcer] = [new FakeClock(), new Map(), new Announcer()];
        const wait = (): Promise<void> => scheduler.schedule(Promise.resolve());
        const connections: ReturnType<typeof connection>[] = [];
        let entered = 0;
        const places = [0, 1, 2].map((place) => gateway(`${place}`, new SlowRecord(`${place}`, wait)));
        const settle = async (milliseconds: number): Promise<void> => {
          clock.advance(milliseconds);
          await scheduler.waitIdle();
        };
        for (const { place, does, turns } of steps) {
          const presence = places[place] ?? expect.fail();
          // No two connections have the same id.
          if (does === 'enter') connections[place] = connection(`${place} ${(entered += 1)}`);
          const own = connections[place] ?? connection('of nobody');
          if (does === 'enter') presence.enter(own);
          else if (does === 'leave') presence.leave(own);
          else presence.setAway(own, does === 'away');
          clock.advance(turns * 100);
          if (turns % 3 === 0) await scheduler.waitIdle();
        }
        for (let turn = 0; turn < 5; turn++) await settle(LINGER_MS);
        const last = announcer.changes.toSorted((a, b) => a.at - b.at).at(-1)?.to ?? 'offline';
        const all = new MemoryConnectionRecord('witness', rows);
        expect(last).toBe(await statusOf(gateway('witness', all)));
      }),
      { numRuns: 300 },
    );
  });
});
