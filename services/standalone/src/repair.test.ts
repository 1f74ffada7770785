import { FakeClock } from '@parley/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { LossyBus } from './testing/lossy-bus.ts';
import {
  connect,
  entriesOf,
  isRoomCreated,
  newTestUser,
  newRoom,
  newRoomId,
  parleyForTest,
  sendMessage,
  waitForSeq,
  type Parley,
  type TestUser,
} from './testing/parley.ts';

/** The bound within which every loss is repaired. */
const REPAIRED_MS = 35_000;

let bus: LossyBus;
let clock: FakeClock;
let parley: Parley;
let ada: TestUser;
let bob: TestUser;

beforeEach(async () => {
  bus = new LossyBus();
  clock = new FakeClock();
  parley = await parleyForTest({ PARLEY_LIMIT_COMMANDS_PER_SECOND: '0' }, { bus, clock });
  [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
});

const STEP_MS = 250;

/** Advances the clock until the condition holds, at most so far, and no faster than the database answers. */
async function repairedWithin(milliseconds: number, condition: () => boolean): Promise<void> {
  for (let passed = 0; passed < milliseconds && !condition(); passed += STEP_MS) {
    clock.advance(STEP_MS);
    await bob.client.command('get_user_rooms', {});
  }
  await expect.poll(condition).toBe(true);
}

const seqs = (testUser: TestUser, roomId: Parameters<typeof entriesOf>[1]): number[] =>
  entriesOf(testUser, roomId).map(({ seq }) => seq);

describe('the next reconciliation repairs a loss of the bus:', () => {
  test('a message', async () => {
    const roomId = await newRoom(ada, bob);
    bus.losing = true;
    await sendMessage(ada, roomId, 'Lost');
    expect(seqs(bob, roomId)).toEqual([]);
    await repairedWithin(REPAIRED_MS, () => seqs(bob, roomId).length > 0);
    expect(seqs(bob, roomId)).toEqual([1]);
  });

  test('a new room', async () => {
    bus.losing = true;
    const roomId = newRoomId();
    await ada.client.command('create_room', { roomId, memberIds: [bob.user.userId] });
    await repairedWithin(REPAIRED_MS, () => bob.client.items.some((item) => isRoomCreated(item, roomId)));
    bus.losing = false;
    await sendMessage(ada, roomId, 'Here you are');
    await waitForSeq(bob, roomId, 1);
  });

  test('leaving on another connection, reported by member_left, then room_removed', async () => {
    const roomId = await newRoom(ada, bob);
    const second = await connect(parley, bob);
    bus.losing = true;
    await sendMessage(ada, roomId, 'Before');
    await bob.client.command('leave_room', { roomId });
    await sendMessage(ada, roomId, 'After');
    await repairedWithin(REPAIRED_MS, () =>
      second.client.items.some((item) => 'event' in item && item.event === 'room_removed'),
    );
    for (const testUser of [bob, second]) expect(seqs(testUser, roomId)).toEqual([1, 2]);
  });

  test('the end of a session', async () => {
    bus.losing = true;
    const { cookie } = ada;
    await fetch(`${parley.url}/api/sessions/current`, { method: 'DELETE', headers: { cookie } });
    let code = 0;
    void ada.client.closed.then((closed) => (code = closed.code));
    await repairedWithin(REPAIRED_MS, () => code !== 0);
    expect(code).toBe(4001);
  });
});

test('a lost entry arrives, in order, with the entry after it', async () => {
  const roomId = await newRoom(ada, bob);
  bus.losing = true;
  await sendMessage(ada, roomId, 'Lost');
  bus.losing = false;
  await sendMessage(ada, roomId, 'Delivered');
  await waitForSeq(bob, roomId, 2);
  expect(seqs(bob, roomId)).toEqual([1, 2]);
});

test('losses are repaired within five seconds after the bus is restored', async () => {
  const roomId = await newRoom(ada, bob);
  bus.losing = true;
  await sendMessage(ada, roomId, 'Lost');
  bus.restore();
  await repairedWithin(5_500, () => seqs(bob, roomId).includes(1));
});

test('a connection made while the bus is down receives the stored state', async () => {
  const roomId = await newRoom(ada);
  bus.losing = true;
  await sendMessage(ada, roomId, 'Not published');
  const again = await connect(parley, ada);
  expect(again.connected.rooms).toMatchObject([{ roomId, head: 1, count: 1 }]);
});

test('a frame arrives within every heartbeat interval', async () => {
  const before = ada.client.frames;
  clock.advance(25_000);
  await expect.poll(() => ada.client.frames).toBeGreaterThan(before);
});
