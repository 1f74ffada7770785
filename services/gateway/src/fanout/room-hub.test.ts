import { MemoryBus } from '@parley/bus';
import { encodeRoomBroadcast, encodeRoomNotice, ParleyError, roomChannel, type MessageApi } from '@parley/contracts';
import { TYPING_INTERVAL_MS, type RoomEvent, type RoomId, type UserId } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { memberLeft, messageCreated, noMetrics, silentLogger } from '../testing/logs.ts';
import { GapFiller } from './gap-filler.ts';
import { MAX_REST_MS } from './pace.ts';
import { DROP_AFTER_MS, GRACE_MS, RoomHub } from './room-hub.ts';
import type { Seat, SeatHolder } from './seat.ts';

const roomId = 'room-0000-0000-0001' as RoomId;
const ada = 'ada-0000-0000-00001' as UserId;
const bob = 'bob-0000-0000-00001' as UserId;

class Holder implements SeatHolder {
  readonly userId: UserId;
  readonly frames: Buffer[] = [];
  readonly resyncs: RoomId[] = [];
  readonly lost: RoomId[] = [];

  constructor(userId: UserId) {
    this.userId = userId;
  }

  /** All events received, in order. */
  get seqs(): number[] {
    return this.frames.flatMap((frame) => {
      const text = frame.toString();
      return (JSON.parse(text.slice(text.indexOf('['))) as RoomEvent[]).map(({ seq }) => seq);
    });
  }

  writeShared(frame: Buffer): void {
    this.frames.push(frame);
  }

  cork(): void {}

  uncork(): void {}

  resync(room: RoomId): void {
    this.resyncs.push(room);
  }

  seatLost(room: RoomId): void {
    this.lost.push(room);
  }
}

/** A room's log in the database, and what was asked of it. */
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

async function seat(holder: Holder, head = log.events.length): Promise<Seat> {
  const { seat: taken, acknowledged } = hub.take(roomId, holder);
  await acknowledged;
  hub.open(roomId, taken, head);
  return taken;
}

test('measures the seconds from the storing of an entry to its arrival', async () => {
  const observed: number[] = [];
  const metrics = { ...noMetrics, busLag: { observe: (seconds: number) => void observed.push(seconds) } };
  clock.setNow(1_700_000_000_250);
  hub = new RoomHub(bus, clock, new GapFiller(log.api, clock, silentLogger), metrics);
  await seat(new Holder(ada));
  const header = { kind: 'events', roomId, firstSeq: 1, lastSeq: 1, at: 1_700_000_000_000 } as const;
  await bus.publish(roomChannel(roomId), encodeRoomBroadcast(header, log.append(1)));
  expect(observed).toEqual([0.25]);
});

test('everyone in a room gets the same bytes', async () => {
  const [one, two] = [new Holder(ada), new Holder(bob)];
  await seat(one);
  await seat(two);
  await publish(log.append(2));
  await expect.poll(() => one.seqs).toEqual([1, 2]);
  expect(two.frames[0]).toBe(one.frames[0]);
});

test('a large room rests after a frame, and what comes meanwhile goes out in one', async () => {
  const holders = Array.from({ length: 100 }, () => new Holder(ada));
  for (const holder of holders) await seat(holder, 0);
  await publish(log.append(1));
  await expect.poll(() => holders[99]?.frames.length).toBe(1);
  for (let message = 2; message <= 4; message += 1) {
    await publish(log.append(1));
    await new Promise(setImmediate);
  }
  expect(holders[99]?.seqs).toEqual([1]);
  clock.advance(16);
  await expect.poll(() => holders[99]?.frames.length).toBe(2);
  expect(holders[99]?.seqs).toEqual([1, 2, 3, 4]);
  expect(clock.pending).toBe(0);
});

test('a closed seat holds back what comes, and gives what is newer than the head it is opened with', async () => {
  const holder = new Holder(ada);
  await seat(new Holder(bob));
  const { seat: taken } = hub.take(roomId, holder);
  await publish(log.append(1));
  await publish(log.append(1));
  await new Promise(setImmediate);
  await publish(log.append(1));
  expect(holder.seqs).toEqual([]);
  hub.open(roomId, taken, 2);
  expect(holder.seqs).toEqual([3]);
});

test('whoever was told an older head than the one at which this gateway began is told to ask', async () => {
  const [first, second] = [new Holder(ada), new Holder(bob)];
  const [one, two] = [hub.take(roomId, first), hub.take(roomId, second)];
  const added = log.append(2);
  hub.open(roomId, one.seat, 2);
  await publish(added);
  hub.open(roomId, two.seat, 1);
  expect(first.resyncs).toEqual([]);
  expect(second.resyncs).toEqual([roomId]);
});

describe('who is typing', () => {
  /** Whom the reader was told of, once everybody said to be typing was heard of. */
  async function typing(seats: number, userIds: readonly string[]): Promise<string[]> {
    const reader = new Holder(ada);
    await seat(reader);
    for (let count = 1; count < seats; count += 1) await seat(new Holder(bob));
    for (const userId of userIds as UserId[]) {
      await bus.publish(roomChannel(roomId), encodeRoomNotice({ kind: 'typing', roomId, userId }));
      await new Promise(setImmediate);
      clock.advance(MAX_REST_MS);
      await new Promise(setImmediate);
    }
    return reader.frames.flatMap((frame) => {
      const text = frame.toString();
      const told = JSON.parse(text.slice(text.indexOf('['))) as { data: { userId: string } }[];
      return told.map(({ data }) => data.userId);
    });
  }
  const people = ['one', 'two', 'three', 'four', 'five', 'six'];

  test('is told of everybody in a room of 200', async () => {
    expect(await typing(200, people)).toEqual(people);
  });

  test('is told of four at a time in a larger one, of the next once their time is over', async () => {
    expect(await typing(201, [...people, 'one'])).toEqual(['one', 'two', 'three', 'four', 'one']);
    clock.advance(TYPING_INTERVAL_MS);
    expect(await typing(1, ['six'])).toEqual(['six']);
  });
});

describe('a gap', () => {
  test('is fetched once for all members, at once when something later arrives', async () => {
    const holders = [new Holder(ada), new Holder(bob)];
    for (const holder of holders) await seat(holder);
    log.append(2);
    await publish(log.append(1));
    for (const holder of holders) await expect.poll(() => holder.seqs).toEqual([1, 2, 3]);
    expect(log.asked).toEqual([0]);
  });

  test('that the database knows of is fetched after a grace, in which the bus may still bring it', async () => {
    const holder = new Holder(ada);
    await seat(holder);
    const [first, second] = [log.append(1), log.append(1)];
    hub.expect(roomId, 1);
    await publish(first);
    clock.advance(GRACE_MS);
    expect(log.asked).toEqual([]);
    hub.expect(roomId, second[0]?.seq ?? 0);
    clock.advance(GRACE_MS);
    await expect.poll(() => holder.seqs).toEqual([1, 2]);
    expect(log.asked).toEqual([1]);
  });

  test('that cannot be fetched is left to the clients, who are told', async () => {
    const holder = new Holder(ada);
    await seat(holder);
    log.available = false;
    log.append(1);
    await publish(log.append(1));
    await expect
      .poll(() => {
        clock.advance(1_000);
        return holder.seqs;
      })
      .toEqual([2]);
    expect(holder.resyncs).toEqual([roomId]);
  });

  test('of more than some pages is left to the clients, who are told', async () => {
    const holder = new Holder(ada);
    await seat(holder);
    log.append(1_500);
    hub.expect(roomId, 1_500);
    clock.advance(GRACE_MS);
    await expect.poll(() => holder.resyncs).toEqual([roomId]);
    expect(holder.seqs.length).toBe(1_000);
    await publish(log.append(1));
    await expect.poll(() => holder.seqs.at(-1)).toBe(1_501);
  });
});

describe('someone who leaves', () => {
  test('gets the own leaving last', async () => {
    const [leaver, other] = [new Holder(bob), new Holder(ada)];
    await seat(leaver);
    await seat(other);
    await publish([messageCreated(roomId, 1), memberLeft(roomId, 2, bob), messageCreated(roomId, 3)]);
    await expect.poll(() => other.seqs).toEqual([1, 2, 3]);
    expect(leaver.lost).toEqual([roomId]);
    expect(other.lost).toEqual([]);
    expect(leaver.seqs.slice(0, 2)).toEqual([1, 2]);
  });

  test('is fetched up to that when the bus lost it', async () => {
    const leaver = new Holder(bob);
    await seat(leaver);
    log.append(1);
    log.events.push(memberLeft(roomId, 2, bob));
    await hub.catchUp(roomId);
    expect(leaver.seqs).toEqual([1, 2]);
    expect(leaver.lost).toEqual([roomId]);
  });

  test('and came back before the seat was opened keeps it', async () => {
    const holder = new Holder(bob);
    const { seat: taken } = hub.take(roomId, holder);
    await publish([memberLeft(roomId, 2, bob)]);
    await new Promise(setImmediate);
    expect(hub.open(roomId, taken, 3)).toBe(true);
  });

  test('while the seat was closed is told the leaving and no more', async () => {
    const holder = new Holder(bob);
    const { seat: taken } = hub.take(roomId, holder);
    await publish([memberLeft(roomId, 2, bob)]);
    await publish([messageCreated(roomId, 3)]);
    await new Promise(setImmediate);
    expect(hub.open(roomId, taken, 1)).toBe(false);
    expect(holder.seqs).toEqual([2]);
  });

  test('twice while the seat was closed is told the first leaving that is news, and no more', async () => {
    const holder = new Holder(bob);
    const { seat: taken } = hub.take(roomId, holder);
    for (const seq of [2, 4, 6]) await publish([memberLeft(roomId, seq, bob), messageCreated(roomId, seq + 1)]);
    await new Promise(setImmediate);
    expect(hub.open(roomId, taken, 2)).toBe(false);
    expect(holder.seqs).toEqual([3, 4]);
  });
});

describe('the subscription', () => {
  test('ends a while after the last member left', async () => {
    const holder = new Holder(ada);
    const taken = await seat(holder);
    hub.give(roomId, taken);
    clock.advance(DROP_AFTER_MS - 1);
    expect(hub.roomIds).toEqual([roomId]);
    clock.advance(1);
    expect(hub.roomIds).toEqual([]);
  });

  test('stays if somebody comes back in time', async () => {
    hub.give(roomId, await seat(new Holder(ada)));
    clock.advance(DROP_AFTER_MS - 1);
    const back = new Holder(ada);
    await seat(back);
    clock.advance(DROP_AFTER_MS);
    await publish(log.append(1));
    await expect.poll(() => back.seqs).toEqual([1]);
  });
});
