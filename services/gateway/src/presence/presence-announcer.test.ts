import type { Bus } from '@parley/bus';
import { decodePresenceChanges, PRESENCE_CHANNEL, type PresenceChange, type RoomApi } from '@parley/contracts';
import type { RoomId, UserId } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import { beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../testing/fixtures.ts';
import { PresenceAnnouncer, type StatusChange } from './presence-announcer.ts';

const roomId = 'room-0000-0000-0001' as RoomId;
const ada = 'ada' as UserId;
const came: StatusChange = { userId: ada, from: 'offline', to: 'online', at: 1 };

class RecordingBus implements Pick<Bus, 'publish' | 'onRestored'> {
  readonly broadcasts: (readonly PresenceChange[])[] = [];
  restored: () => void = () => undefined;

  async publish(channel: string, payload: Buffer): Promise<void> {
    expect(channel).toBe(PRESENCE_CHANNEL);
    this.broadcasts.push(decodePresenceChanges(payload));
  }

  onRestored(listener: () => void): () => void {
    this.restored = listener;
    return () => undefined;
  }
}

let bus: RecordingBus;
let clock: FakeClock;
let seen: UserId[];
let announcer: PresenceAnnouncer;
beforeEach(() => {
  [bus, clock, seen] = [new RecordingBus(), new FakeClock(), []];
  const rooms: Pick<RoomApi, 'getAudiences' | 'noteSeen'> = {
    getAudiences: async ({ userIds }) => ({ audiences: userIds.map((userId) => ({ userId, roomIds: [roomId] })) }),
    noteSeen: async ({ people }) => void seen.push(...people.map(({ userId }) => userId)),
  };
  announcer = new PresenceAnnouncer(rooms, bus as never, clock, silentLogger);
  announcer.onApplicationBootstrap();
});

test('changes of many users are one broadcast, with the rooms of each user', async () => {
  const people = Array.from({ length: 150 }, (_, n) => ({ ...came, userId: `user-${n}` as UserId }));
  await announcer.announce(people);
  expect(bus.broadcasts.map((changes) => changes.length)).toEqual([150]);
  expect(bus.broadcasts[0]?.[0]).toEqual({ userId: 'user-0', status: 'online', at: 1, roomIds: [roomId] });
  await announcer.announce([]);
  expect(bus.broadcasts).toHaveLength(1);
});

test('stores when users who connect or leave were last seen, but not users who are only away', async () => {
  await announcer.announce([came]);
  await announcer.announce([{ ...came, from: 'online', to: 'away' }]);
  await announcer.announce([{ ...came, from: 'away', to: 'offline' }]);
  expect(seen).toEqual([ada, ada]);
  expect(bus.broadcasts.at(-1)).toMatchObject([{ status: 'offline', lastSeenAt: expect.any(Number) as number }]);
});

test('repeats the latest change of each user of the last minute when the bus is restored', async () => {
  await announcer.announce([{ ...came, userId: 'long ago' as UserId }]);
  clock.advance(61_000);
  await announcer.announce([came]);
  await announcer.announce([{ ...came, to: 'away', at: 2 }]);
  bus.broadcasts.splice(0);
  bus.restored();
  await expect.poll(() => bus.broadcasts).toMatchObject([[{ userId: ada, status: 'away', at: 2 }]]);
});
