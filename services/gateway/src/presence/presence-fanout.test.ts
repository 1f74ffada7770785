import { MemoryBus } from '@parley/bus';
import { encodePresenceChanges, PRESENCE_CHANNEL, type PresenceChange } from '@parley/contracts';
import type { ConnectionEvent, PresenceStatus, RoomId, UserId } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import { beforeEach, expect, test } from 'vitest';
import { RoomSubscription, type RoomSubscriber } from '../fanout/room-subscription.ts';
import { noMetrics } from '../testing/fixtures.ts';
import { USER_INTERVAL_MS, PresenceFanout } from './presence-fanout.ts';

const rooms = ['room-1', 'room-2'] as [RoomId, RoomId];
const ada = 'ada' as UserId;
const bob = 'bob' as UserId;

/** A connection that records the presence frames it receives. */
class TestSubscriber implements RoomSubscriber {
  readonly frames: ConnectionEvent[][] = [];

  constructor(readonly userId: UserId) {}

  writeShared(frame: Buffer): void {
    const text = frame.toString();
    this.frames.push(JSON.parse(text.slice(text.indexOf('['))) as ConnectionEvent[]);
  }

  get received(): string[] {
    return this.frames.flat().map(({ event, data }) => `${event} ${'status' in data ? data.status : ''}`);
  }

  cork(): void {}
  uncork(): void {}
  resync(): void {}
  onRemovedFromRoom(): void {}
}

let clock: FakeClock;
let bus: MemoryBus;
let subscriptions: Map<RoomId, RoomSubscription[]>;
beforeEach(() => {
  [clock, bus, subscriptions] = [new FakeClock(), new MemoryBus(), new Map()];
  const hub = { subscriptionsIn: (roomId: RoomId) => subscriptions.get(roomId) ?? [] };
  new PresenceFanout(bus, hub as never, clock, noMetrics).onApplicationBootstrap();
});

function subscribe(userId: UserId, roomIds: readonly RoomId[], isOpen = true): TestSubscriber {
  const subscriber = new TestSubscriber(userId);
  for (const roomId of roomIds) {
    const subscription = new RoomSubscription(subscriber);
    if (isOpen) subscription.open(0);
    subscriptions.set(roomId, [...(subscriptions.get(roomId) ?? []), subscription]);
  }
  return subscriber;
}

const change = (
  status: PresenceStatus,
  at: number,
  userId = ada,
  roomIds: readonly RoomId[] = rooms,
): PresenceChange => ({
  ...{ userId, status, at, roomIds },
});

async function publish(...changes: readonly PresenceChange[]): Promise<void> {
  await bus.publish(PRESENCE_CHANNEL, encodePresenceChanges(changes));
  await Promise.resolve();
}

test('a connection receives a change once for several shared rooms, and users never receive their own', async () => {
  const [other, self, nonMember] = [subscribe(bob, rooms), subscribe(ada, rooms), subscribe(bob, ['room-3' as RoomId])];
  await publish({ ...change('offline', 1), lastSeenAt: 7 });
  clock.advance(100);
  expect(other.frames).toEqual([
    [{ event: 'presence_changed', data: { userId: ada, status: 'offline', lastSeenAt: 7 } }],
  ]);
  expect([self.frames, nonMember.frames]).toEqual([[], []]);
});

test('changes of several users share one frame', async () => {
  const other = subscribe(bob, rooms);
  await publish(change('online', 1), change('online', 1, 'cleo' as UserId, [rooms[0]]));
  await publish(change('online', 1, 'dan' as UserId));
  clock.advance(100);
  expect(other.frames).toHaveLength(1);
  expect(other.received).toHaveLength(3);
});

test("a user's status is sent at most once a second, and then the latest one", async () => {
  const other = subscribe(bob, rooms);
  await publish(change('online', 1));
  clock.advance(100);
  for (const [at, status] of (['away', 'online', 'away'] as const).entries()) await publish(change(status, 2 + at));
  clock.advance(USER_INTERVAL_MS - 51);
  expect(other.received).toEqual(['presence_changed online']);
  clock.advance(1);
  expect(other.received).toEqual(['presence_changed online', 'presence_changed away']);
  await publish(change('online', 6));
  await publish(change('away', 7));
  clock.advance(USER_INTERVAL_MS);
  expect(other.received).toHaveLength(2);
});

test('older changes are ignored, and an unchanged status is not sent again', async () => {
  const other = subscribe(bob, rooms);
  await publish(change('online', 5));
  await publish(change('offline', 4));
  clock.advance(2 * USER_INTERVAL_MS);
  await publish(change('online', 6));
  clock.advance(2 * USER_INTERVAL_MS);
  expect(other.received).toEqual(['presence_changed online']);
});

test('a closed subscription receives no presence changes', async () => {
  const joining = subscribe(bob, rooms, false);
  await publish(change('online', 1));
  clock.advance(USER_INTERVAL_MS);
  expect(joining.frames).toEqual([]);
});
