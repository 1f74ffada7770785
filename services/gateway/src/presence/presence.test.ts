import type { ConnectionId, PresenceStatus, UserId } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../testing/fixtures.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import { MemoryConnectionRegistry, type MemoryRows } from './connection-registry.memory.ts';
import { LINGER_MS, Presence, RETRY_MS, TICK_MS } from './presence.ts';
import type { StatusChange } from './presence-announcer.ts';

const ada = 'ada' as UserId;
const bob = 'bob' as UserId;
const connection = (name: string, userId = ada) => ({ connectionId: name as ConnectionId, userId });

/** Records announcements; fails while unavailable. */
class Announcer {
  readonly changes: StatusChange[] = [];
  readonly seen: UserId[] = [];
  available = true;

  async announce(changes: readonly StatusChange[]): Promise<void> {
    if (!this.available) throw new Error('The bus is unavailable.');
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

const gateway = (name: string, record: ConnectionRegistry = new MemoryConnectionRegistry(name, rows)): Presence =>
  new Presence(record, announcer as never, clock, silentLogger);

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Advances the clock and waits until everything that became due has been handled. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= TICK_MS) {
    clock.advance(Math.min(left, TICK_MS));
    for (let turn = 0; turn < 4; turn++) await nextTurn();
  }
}

const announced = (): string[] => announcer.changes.map(({ userId, from, to }) => `${userId} ${from} ${to}`);
const statusOf = async (presence: Presence, userId = ada): Promise<PresenceStatus | undefined> =>
  (await presence.find([userId])).get(userId);

test('changes within a tick are announced at its end, once per user', async () => {
  const here = gateway('here');
  here.add(connection('one'));
  here.add(connection('two'));
  here.add(connection('three', bob));
  await pass(TICK_MS - 1);
  expect(announced()).toEqual([]);
  await pass(1);
  expect(announced()).toEqual(['ada offline online', 'bob offline online']);
});

test('a user who reconnects within ten seconds stays online, at the same or another gateway', async () => {
  const [here, there] = [gateway('here'), gateway('there')];
  here.add(connection('one'));
  await pass(TICK_MS);
  here.remove(connection('one'));
  await pass(LINGER_MS - 1_000);
  here.add(connection('two'));
  await pass(LINGER_MS);
  here.remove(connection('two'));
  await pass(LINGER_MS - 1_000);
  there.add(connection('three'));
  await pass(LINGER_MS);
  expect(announced()).toEqual(['ada offline online']);
  expect(await statusOf(here)).toBe('online');
});

test('a user is online until their last connection is closed', async () => {
  const [here, there] = [gateway('here'), gateway('there')];
  here.add(connection('one'));
  there.add(connection('two'));
  await pass(TICK_MS);
  announcer.changes.splice(0);
  here.remove(connection('one'));
  await pass(LINGER_MS + TICK_MS);
  expect(announced()).toEqual([]);
  there.remove(connection('two'));
  await pass(LINGER_MS + TICK_MS);
  expect(announced()).toEqual(['ada online offline']);
  expect(await statusOf(here)).toBe('offline');
});

test('a user is away when all of their connections are', async () => {
  const [here, there] = [gateway('here'), gateway('there')];
  here.add(connection('one'));
  there.add(connection('two'));
  await pass(TICK_MS);
  announcer.changes.splice(0);
  here.setAway(connection('one'), true);
  await pass(TICK_MS);
  // The status has not changed, but another gateway may have announced a different one meanwhile.
  expect(announced()).toEqual(['ada online online']);
  there.setAway(connection('two'), true);
  await pass(TICK_MS);
  here.setAway(connection('one'), true);
  await pass(TICK_MS);
  here.setAway(connection('one'), false);
  await pass(TICK_MS);
  expect(announced().slice(1)).toEqual(['ada online away', 'ada away online']);
});

test('a change that could not be announced is announced by the retry', async () => {
  const here = gateway('here');
  announcer.available = false;
  here.add(connection('one'));
  await pass(TICK_MS);
  announcer.available = true;
  await pass(RETRY_MS);
  expect(announced()).toEqual(['ada offline online']);
});

test('users of a dead gateway are announced as offline unless they are online elsewhere', async () => {
  let orphaned: (userIds: readonly UserId[]) => void = () => undefined;
  const record = new MemoryConnectionRegistry('here', rows);
  record.onOrphans = (listener) => {
    orphaned = listener;
    return () => undefined;
  };
  const here = gateway('here', record);
  here.onApplicationBootstrap();
  here.add(connection('one', bob));
  await pass(TICK_MS);
  announcer.changes.splice(0);
  orphaned([ada, bob]);
  await pass(TICK_MS);
  expect(announced()).toEqual(['ada online offline']);
});

test('a closing gateway announces no changes, and stores when its users were last seen', async () => {
  const here = gateway('here');
  here.add(connection('one'));
  here.add(connection('two', bob));
  await pass(TICK_MS);
  announcer.changes.splice(0);
  here.remove(connection('one'));
  await here.close();
  await pass(LINGER_MS + TICK_MS);
  expect(announced()).toEqual([]);
  expect(announcer.seen).toEqual([ada, bob]);
  expect(clock.pending).toBe(0);
});

describe('several gateways that change a user concurrently', () => {
  /** A registry whose calls are delayed by the scheduler. */
  class SlowRegistry extends MemoryConnectionRegistry {
    readonly #wait: () => Promise<void>;

    constructor(name: string, wait: () => Promise<void>) {
      super(name, rows);
      this.#wait = wait;
    }

    override async write(...given: Parameters<MemoryConnectionRegistry['write']>): Promise<void> {
      await this.#wait();
      await super.write(...given);
      await this.#wait();
    }

    override async find(
      ...given: Parameters<MemoryConnectionRegistry['find']>
    ): ReturnType<MemoryConnectionRegistry['find']> {
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

  test('announce the final status last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), fc.scheduler(), async (steps, scheduler) => {
        [clock, rows, announcer] = [new FakeClock(), new Map(), new Announcer()];
        const wait = (): Promise<void> => scheduler.schedule(Promise.resolve());
        const connections: ReturnType<typeof connection>[] = [];
        let entered = 0;
        const places = [0, 1, 2].map((place) => gateway(`${place}`, new SlowRegistry(`${place}`, wait)));
        const settle = async (milliseconds: number): Promise<void> => {
          clock.advance(milliseconds);
          await scheduler.waitIdle();
        };
        for (const { place, does, turns } of steps) {
          const presence = places[place] ?? expect.fail();
          // No two connections have the same id.
          if (does === 'enter') connections[place] = connection(`${place} ${(entered += 1)}`);
          const own = connections[place] ?? connection('unknown');
          if (does === 'enter') presence.add(own);
          else if (does === 'leave') presence.remove(own);
          else presence.setAway(own, does === 'away');
          clock.advance(turns * 100);
          if (turns % 3 === 0) await scheduler.waitIdle();
        }
        for (let turn = 0; turn < 5; turn++) await settle(LINGER_MS);
        const last = announcer.changes.toSorted((a, b) => a.at - b.at).at(-1)?.to ?? 'offline';
        const all = new MemoryConnectionRegistry('witness', rows);
        expect(last).toBe(await statusOf(gateway('witness', all)));
      }),
      { numRuns: 300 },
    );
  });
});
