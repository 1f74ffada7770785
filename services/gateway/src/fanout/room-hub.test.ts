import { MemoryBus } from '@parley/bus';
import { encodeRoomBroadcast, encodeRoomNotice, ParleyError, roomChannel, type MessageApi } from '@parley/contracts';
import { TYPING_INTERVAL_MS, type RoomEvent, type RoomId, type UserId } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { memberLeft, messageCreated, noMetrics, silentLogger } from '../testing/fixtures.ts';
import { GapFiller } from './gap-filler.ts';
import { MAX_WRITE_INTERVAL_MS } from './write-interval.ts';
import { UNSUBSCRIBE_AFTER_MS, BUS_GRACE_MS, RoomHub } from './room-hub.ts';
import type { RoomSubscription, RoomSubscriber } from './room-subscription.ts';

const roomId = 'room-0000-0000-0001' as RoomId;
const ada = 'ada-0000-0000-00001' as UserId;
const bob = 'bob-0000-0000-00001' as UserId;

class TestSubscriber implements RoomSubscriber {
  readonly userId: UserId;
  readonly frames: Buffer[] = [];
  readonly resyncs: RoomId[] = [];
  readonly lost: RoomId[] = [];

  constructor(userId: UserId) {
    this.userId = userId;
  }

  /** All received events, in order. */
  get events(): RoomEvent[] {
    return this.frames.flatMap((frame) => {
      const text = frame.toString();
      return JSON.parse(text.slice(text.indexOf('['))) as RoomEvent[];
    });
  }

  get seqs(): number[] {
    return this.events.map(({ seq }) => seq);
  }

  writeShared(frame: Buffer): void {
    this.frames.push(frame);
  }

  cork(): void {}

  uncork(): void {}

  resync(room: RoomId): void {
    this.resyncs.push(room);
  }

  onRemovedFromRoom(room: RoomId): void {
    this.lost.push(room);
  }
}

/** A room's log in the database; records the requests. */
class Log {
  readonly events: RoomEvent[] = [];
  readonly asked: number[] = [];
  available = true;

  readonly api: Pick<MessageApi, 'getMissedEvents'> = {
    getMissedEvents: async ({ after, limit }) => {
      this.asked.push(after);
      if (!this.available) throw new ParleyError('internal', 'Broken.');
      const events = this.events.filter(({ seq }) => seq > after).slice(0, limit);
      return { events, users: [], head: this.events.length };
    },
  };

  append(count: number): RoomEvent[] {
    const added = Array.from({ length: count }, (_, index) => messageCreated(roomId, this.events.length + index + 1));
    this.events.push(...added);
    return added;
  }
}

let bus: MemoryBus;
let clock: FakeClock;
let log: Log;
let hub: RoomHub;

beforeEach(() => {
  bus = new MemoryBus();
  clock = new FakeClock();
  log = new Log();
  hub = new RoomHub(bus, clock, new GapFiller(log.api, clock, silentLogger), noMetrics);
});

async function publish(events: readonly RoomEvent[]): Promise<void> {
  const [firstSeq = 0, lastSeq = 0] = [events.at(0)?.seq, events.at(-1)?.seq];
  const members = events.some(({ event }) => event !== 'message_created');
  const header = { kind: 'events', roomId, firstSeq, lastSeq, ...(members ? { members } : {}) } as const;
  await bus.publish(roomChannel(roomId), encodeRoomBroadcast(header, events));
}

async function subscribe(subscriber: TestSubscriber, head = log.events.length): Promise<RoomSubscription> {
  const { subscription: taken, acknowledged } = hub.subscribe(roomId, subscriber);
  await acknowledged;
  hub.open(roomId, taken, head);
  return taken;
}

test('measures the seconds from the storing of an entry to its arrival', async () => {
  const observed: number[] = [];
  const metrics = { ...noMetrics, busLag: { observe: (seconds: number) => void observed.push(seconds) } };
  clock.setNow(1_700_000_000_250);
  hub = new RoomHub(bus, clock, new GapFiller(log.api, clock, silentLogger), metrics);
  await subscribe(new TestSubscriber(ada));
  const header = { kind: 'events', roomId, firstSeq: 1, lastSeq: 1, at: 1_700_000_000_000 } as const;
  await bus.publish(roomChannel(roomId), encodeRoomBroadcast(header, log.append(1)));
  expect(observed).toEqual([0.25]);
});

test('all subscriptions of a room receive the same buffer', async () => {
  const [one, two] = [new TestSubscriber(ada), new TestSubscriber(bob)];
  await subscribe(one);
  await subscribe(two);
  await publish(log.append(2));
  await expect.poll(() => one.seqs).toEqual([1, 2]);
  expect(two.frames[0]).toBe(one.frames[0]);
});

test('a large room collects the entries of a write interval into one frame', async () => {
  const subscribers = Array.from({ length: 100 }, () => new TestSubscriber(ada));
  for (const subscriber of subscribers) await subscribe(subscriber, 0);
  await publish(log.append(1));
  await expect.poll(() => subscribers[99]?.frames.length).toBe(1);
  for (let message = 2; message <= 4; message += 1) {
    await publish(log.append(1));
    await new Promise(setImmediate);
  }
  expect(subscribers[99]?.seqs).toEqual([1]);
  clock.advance(16);
  await expect.poll(() => subscribers[99]?.frames.length).toBe(2);
  expect(subscribers[99]?.seqs).toEqual([1, 2, 3, 4]);
  expect(clock.pending).toBe(0);
});

test('a closed subscription holds entries back, and delivers those after its head when it opens', async () => {
  const subscriber = new TestSubscriber(ada);
  await subscribe(new TestSubscriber(bob));
  const { subscription: taken } = hub.subscribe(roomId, subscriber);
  await publish(log.append(1));
  await publish(log.append(1));
  await new Promise(setImmediate);
  await publish(log.append(1));
  expect(subscriber.seqs).toEqual([]);
  hub.open(roomId, taken, 2);
  expect(subscriber.seqs).toEqual([3]);
});

test('a client with an older head than the first one known to the gateway is asked to resync', async () => {
  const [first, second] = [new TestSubscriber(ada), new TestSubscriber(bob)];
  const [one, two] = [hub.subscribe(roomId, first), hub.subscribe(roomId, second)];
  const added = log.append(2);
  hub.open(roomId, one.subscription, 2);
  await publish(added);
  hub.open(roomId, two.subscription, 1);
  expect(first.resyncs).toEqual([]);
  expect(second.resyncs).toEqual([roomId]);
});

describe('typing', () => {
  /** The users announced to a reader after a typing notice of each given user. */
  async function typing(subscriptions: number, userIds: readonly string[]): Promise<string[]> {
    const reader = new TestSubscriber(ada);
    await subscribe(reader);
    for (let count = 1; count < subscriptions; count += 1) await subscribe(new TestSubscriber(bob));
    for (const userId of userIds as UserId[]) {
      await bus.publish(roomChannel(roomId), encodeRoomNotice({ kind: 'typing', roomId, userId }));
      await new Promise(setImmediate);
      clock.advance(MAX_WRITE_INTERVAL_MS);
      await new Promise(setImmediate);
    }
    return reader.frames.flatMap((frame) => {
      const text = frame.toString();
      const events = JSON.parse(text.slice(text.indexOf('['))) as { data: { userId: string } }[];
      return events.map(({ data }) => data.userId);
    });
  }
  const people = ['one', 'two', 'three', 'four', 'five', 'six'];

  test('is announced for every user in a room of 200', async () => {
    expect(await typing(200, people)).toEqual(people);
  });

  test('is announced for four users at a time in a larger room', async () => {
    expect(await typing(201, [...people, 'one'])).toEqual(['one', 'two', 'three', 'four', 'one']);
    clock.advance(TYPING_INTERVAL_MS);
    expect(await typing(1, ['six'])).toEqual(['six']);
  });
});

describe('a gap', () => {
  test('that the fetched page does not fill is reported to the clients', async () => {
    const reader = new TestSubscriber(ada);
    await subscribe(reader);
    log.append(3);
    log.events.shift();
    await publish(log.events.slice(-1));
    await expect.poll(() => reader.resyncs).toEqual([roomId]);
    expect(reader.seqs).not.toContain(2);
  });

  test('is fetched once for all subscriptions as soon as a later entry arrives', async () => {
    const subscribers = [new TestSubscriber(ada), new TestSubscriber(bob)];
    for (const subscriber of subscribers) await subscribe(subscriber);
    log.append(2);
    await publish(log.append(1));
    for (const subscriber of subscribers) await expect.poll(() => subscriber.seqs).toEqual([1, 2, 3]);
    expect(log.asked).toEqual([0]);
  });

  test('found by comparing heads is fetched only if the bus does not fill it in time', async () => {
    const subscriber = new TestSubscriber(ada);
    await subscribe(subscriber);
    const [first, second] = [log.append(1), log.append(1)];
    hub.expectHead(roomId, 1);
    await publish(first);
    clock.advance(BUS_GRACE_MS);
    expect(log.asked).toEqual([]);
    hub.expectHead(roomId, second[0]?.seq ?? 0);
    clock.advance(BUS_GRACE_MS);
    await expect.poll(() => subscriber.seqs).toEqual([1, 2]);
    expect(log.asked).toEqual([1]);
  });

  test('that cannot be fetched is skipped, and the clients are asked to resync', async () => {
    const subscriber = new TestSubscriber(ada);
    await subscribe(subscriber);
    log.available = false;
    log.append(1);
    await publish(log.append(1));
    await expect
      .poll(() => {
        clock.advance(1_000);
        return subscriber.seqs;
      })
      .toEqual([2]);
    expect(subscriber.resyncs).toEqual([roomId]);
  });

  test('of more than five pages is skipped, and the clients are asked to resync', async () => {
    const subscriber = new TestSubscriber(ada);
    await subscribe(subscriber);
    log.append(1_500);
    hub.expectHead(roomId, 1_500);
    clock.advance(BUS_GRACE_MS);
    await expect.poll(() => subscriber.resyncs).toEqual([roomId]);
    expect(subscriber.seqs.length).toBe(1_000);
    await publish(log.append(1));
    await expect.poll(() => subscriber.seqs.at(-1)).toBe(1_501);
  });
});

describe('a user who leaves', () => {
  test('receives nothing after the entry about leaving', async () => {
    const [leaver, other] = [new TestSubscriber(bob), new TestSubscriber(ada)];
    await subscribe(leaver);
    await subscribe(other);
    await publish([messageCreated(roomId, 1), memberLeft(roomId, 2, bob), messageCreated(roomId, 3)]);
    await expect.poll(() => other.seqs).toEqual([1, 2, 3]);
    expect(leaver.lost).toEqual([roomId]);
    expect(other.lost).toEqual([]);
    expect(leaver.seqs.slice(0, 2)).toEqual([1, 2]);
  });

  test('receives the entries up to leaving from the database if the bus lost them', async () => {
    const leaver = new TestSubscriber(bob);
    await subscribe(leaver);
    log.append(1);
    log.events.push(memberLeft(roomId, 2, bob));
    await hub.catchUp(roomId);
    expect(leaver.seqs).toEqual([1, 2]);
    expect(leaver.lost).toEqual([roomId]);
  });

  test('and rejoins before the subscription opens stays subscribed', async () => {
    const subscriber = new TestSubscriber(bob);
    const { subscription: taken } = hub.subscribe(roomId, subscriber);
    await publish([memberLeft(roomId, 2, bob)]);
    await new Promise(setImmediate);
    expect(hub.open(roomId, taken, 3)).toBe(true);
  });

  test('while the subscription is closed receives the entry about leaving and nothing after it', async () => {
    const subscriber = new TestSubscriber(bob);
    const { subscription: taken } = hub.subscribe(roomId, subscriber);
    await publish([memberLeft(roomId, 2, bob)]);
    await publish([messageCreated(roomId, 3)]);
    await new Promise(setImmediate);
    expect(hub.open(roomId, taken, 1)).toBe(false);
    expect(subscriber.seqs).toEqual([2]);
  });

  test('twice while the subscription is closed receives nothing after the first departure beyond the head', async () => {
    const subscriber = new TestSubscriber(bob);
    const { subscription: taken } = hub.subscribe(roomId, subscriber);
    for (const seq of [2, 4, 6]) await publish([memberLeft(roomId, seq, bob), messageCreated(roomId, seq + 1)]);
    await new Promise(setImmediate);
    expect(hub.open(roomId, taken, 2)).toBe(false);
    expect(subscriber.seqs).toEqual([3, 4]);
  });
});

describe('the bus subscription', () => {
  test('ends a while after the last room subscription', async () => {
    const subscriber = new TestSubscriber(ada);
    const taken = await subscribe(subscriber);
    hub.unsubscribe(roomId, taken);
    clock.advance(UNSUBSCRIBE_AFTER_MS - 1);
    expect(hub.roomIds).toEqual([roomId]);
    clock.advance(1);
    expect(hub.roomIds).toEqual([]);
  });

  test('stays if a user rejoins in time', async () => {
    hub.unsubscribe(roomId, await subscribe(new TestSubscriber(ada)));
    clock.advance(UNSUBSCRIBE_AFTER_MS - 1);
    const back = new TestSubscriber(ada);
    await subscribe(back);
    clock.advance(UNSUBSCRIBE_AFTER_MS);
    await publish(log.append(1));
    await expect.poll(() => back.seqs).toEqual([1]);
  });
});

describe('an entry of an unknown kind', () => {
  const oddData = [null, 7, 'text', [], {}, { userId: 1, user: null }, { message: [null], memberCount: 'many' }];
  const unknown = oddData.map((data, index) => ({ event: 'x_unknown', roomId, seq: index + 1, data }) as never);
  const leaving = memberLeft(roomId, unknown.length + 1, bob);

  test('is delivered unchanged, alone and among membership changes', async () => {
    const [reader, leaver] = [new TestSubscriber(ada), new TestSubscriber(bob)];
    await subscribe(reader);
    await subscribe(leaver);
    await publish(unknown.slice(0, 2));
    await publish([...unknown.slice(2), leaving]);
    await expect.poll(() => reader.events).toEqual([...unknown, leaving]);
    expect(leaver.events).toEqual([...unknown, leaving]);
    expect([reader.lost, leaver.lost]).toEqual([[], [roomId]]);
    expect(hub.lastSeq(roomId)).toBe(leaving.seq);
  });

  test('is delivered unchanged when it fills a gap', async () => {
    const reader = new TestSubscriber(ada);
    await subscribe(reader);
    log.events.push(...unknown, leaving);
    await publish([leaving]);
    await expect.poll(() => reader.events).toEqual([...unknown, leaving]);
    expect([reader.resyncs, log.asked]).toEqual([[], [0]]);
  });
});
