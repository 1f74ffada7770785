import { MemoryBus } from '@parley/bus';
import { encodePresenceChanges, PRESENCE_CHANNEL, type PresenceChange } from '@parley/contracts';
import type { ConnectionEvent, PresenceStatus, RoomId, UserId } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import { beforeEach, expect, test } from 'vitest';
import { Seat, type SeatHolder } from '../fanout/seat.ts';
import { noMetrics } from '../testing/logs.ts';
import { PERSON_INTERVAL_MS, PresenceFanout } from './presence-fanout.ts';

const rooms = ['room-1', 'room-2'] as [RoomId, RoomId];
const ada = 'ada' as UserId;
const bob = 'bob' as UserId;

/** One connection, and the frames of presence that it got. */
class Holder implements SeatHolder {
  readonly frames: ConnectionEvent[][] = [];

  constructor(readonly userId: UserId) {}

  writeShared(frame: Buffer): void {
    const text = frame.toString();
    this.frames.push(JSON.parse(text.slice(text.indexOf('['))) as ConnectionEvent[]);
  }

  get told(): string[] {
    return this.frames.flat().map(({ event, data }) => `${event} ${'status' in data ? data.status : ''}`);
  }

  cork(): void {}
  uncork(): void {}
  resync(): void {}
  seatLost(): void {}
}

let clock: FakeClock;
let bus: MemoryBus;
let seats: Map<RoomId, Seat[]>;
beforeEach(() => {
  [clock, bus, seats] = [new FakeClock(), new MemoryBus(), new Map()];
  const hub = { seatsIn: (roomId: RoomId) => seats.get(roomId) ?? [] };
  new PresenceFanout(bus, hub as never, clock, noMetrics).onApplicationBootstrap();
});

function sit(userId: UserId, roomIds: readonly RoomId[], isOpen = true): Holder {
  const holder = new Holder(userId);
  for (const roomId of roomIds) {
    const seat = new Seat(holder);
    if (isOpen) seat.open(0);
    seats.set(roomId, [...(seats.get(roomId) ?? []), seat]);
  }
  return holder;
}

const change = (
  status: PresenceStatus,
  at: number,
  userId = ada,
  roomIds: readonly RoomId[] = rooms,
): PresenceChange => ({
  ...{ userId, status, at, roomIds },
});

async function hear(...changes: readonly PresenceChange[]): Promise<void> {
  await bus.publish(PRESENCE_CHANNEL, encodePresenceChanges(changes));
  await Promise.resolve();
}

test('a connection is told once of somebody with whom it shares several rooms, and nobody of themselves', async () => {
  const [other, self, stranger] = [sit(bob, rooms), sit(ada, rooms), sit(bob, ['room-3' as RoomId])];
  await hear({ ...change('offline', 1), lastSeenAt: 7 });
  clock.advance(100);
  expect(other.frames).toEqual([
    [{ event: 'presence_changed', data: { userId: ada, status: 'offline', lastSeenAt: 7 } }],
  ]);
  expect([self.frames, stranger.frames]).toEqual([[], []]);
});

test('several people are told in one frame', async () => {
  const other = sit(bob, rooms);
  await hear(change('online', 1), change('online', 1, 'cleo' as UserId, [rooms[0]]));
  await hear(change('online', 1, 'dan' as UserId));
  clock.advance(100);
  expect(other.frames).toHaveLength(1);
  expect(other.told).toHaveLength(3);
});

test('of one person is told once a second at most, and then how it is', async () => {
  const other = sit(bob, rooms);
  await hear(change('online', 1));
  clock.advance(100);
  for (const [at, status] of (['away', 'online', 'away'] as const).entries()) await hear(change(status, 2 + at));
  clock.advance(PERSON_INTERVAL_MS - 51);
  expect(other.told).toEqual(['presence_changed online']);
  clock.advance(1);
  expect(other.told).toEqual(['presence_changed online', 'presence_changed away']);
  await hear(change('online', 6));
  await hear(change('away', 7));
  clock.advance(PERSON_INTERVAL_MS);
  expect(other.told).toHaveLength(2);
});

test('what was said before what is known is passed over, and what is known is not told again', async () => {
  const other = sit(bob, rooms);
  await hear(change('online', 5));
  await hear(change('offline', 4));
  clock.advance(2 * PERSON_INTERVAL_MS);
  await hear(change('online', 6));
  clock.advance(2 * PERSON_INTERVAL_MS);
  expect(other.told).toEqual(['presence_changed online']);
});

test('whoever does not know of the room yet is told nothing', async () => {
  const joining = sit(bob, rooms, false);
  await hear(change('online', 1));
  clock.advance(PERSON_INTERVAL_MS);
  expect(joining.frames).toEqual([]);
});
