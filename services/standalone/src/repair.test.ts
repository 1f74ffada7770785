import { FakeClock } from '@parley/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { LossyBus } from './testing/lossy-bus.ts';
import {
  connect,
  entriesOf,
  isRoomCreated,
  newPerson,
  newRoom,
  newRoomId,
  parleyForTest,
  say,
  waitForSeq,
  type Parley,
  type Person,
} from './testing/parley.ts';

/** Every loss is repaired within this. */
const REPAIRED_MS = 35_000;

let bus: LossyBus;
let clock: FakeClock;
let parley: Parley;
let ada: Person;
let bob: Person;

beforeEach(async () => {
  bus = new LossyBus();
  clock = new FakeClock();
  parley = await parleyForTest({ PARLEY_LIMIT_COMMANDS_PER_SECOND: '0' }, { bus, clock });
  [ada, bob] = [await newPerson(parley, 'Ada'), await newPerson(parley, 'Bob')];
});

const STEP_MS = 250;

/** Lets time pass, no faster than the database answers, until the condition holds: no longer than a repair may take. */
async function repairedWithin(milliseconds: number, condition: () => boolean): Promise<void> {
  for (let passed = 0; passed < milliseconds && !condition(); passed += STEP_MS) {
    clock.advance(STEP_MS);
    await bob.client.command('get_user_rooms', {});
  }
  await expect.poll(condition).toBe(true);
}

const seqs = (person: Person, roomId: Parameters<typeof entriesOf>[1]): number[] =>
  entriesOf(person, roomId).map(({ seq }) => seq);

describe('what the bus lost is found by the next check:', () => {
  test('a message', async () => {
    const roomId = await newRoom(ada, bob);
    bus.losing = true;
    await say(ada, roomId, 'Lost');
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
    await say(ada, roomId, 'Here you are');
    await waitForSeq(bob, roomId, 1);
  });

  test('that one left in another tab, told by the own leaving and then the removal', async () => {
    const roomId = await newRoom(ada, bob);
    const second = await connect(parley, bob);
    bus.losing = true;
    await say(ada, roomId, 'Before');
    await bob.client.command('leave_room', { roomId });
    await say(ada, roomId, 'After');
    await repairedWithin(REPAIRED_MS, () =>
      second.client.items.some((item) => 'event' in item && item.event === 'room_removed'),
    );
    for (const person of [bob, second]) expect(seqs(person, roomId)).toEqual([1, 2]);
  });

  test('that a session was ended', async () => {
    bus.losing = true;
    const { cookie } = ada;
    await fetch(`${parley.url}/api/sessions/current`, { method: 'DELETE', headers: { cookie } });
    let code = 0;
    void ada.client.closed.then((closed) => (code = closed.code));
    await repairedWithin(REPAIRED_MS, () => code !== 0);
    expect(code).toBe(4001);
  });
});

test('what was lost in the middle comes at once with what follows, in order', async () => {
  const roomId = await newRoom(ada, bob);
  bus.losing = true;
  await say(ada, roomId, 'Lost');
  bus.losing = false;
  await say(ada, roomId, 'Heard');
  await waitForSeq(bob, roomId, 2);
  expect(seqs(bob, roomId)).toEqual([1, 2]);
});

test('after the bus came back it takes five seconds', async () => {
  const roomId = await newRoom(ada, bob);
  bus.losing = true;
  await say(ada, roomId, 'Lost');
  bus.restore();
  await repairedWithin(5_500, () => seqs(bob, roomId).includes(1));
});

test('whoever joins while the bus is down is told the truth', async () => {
  const roomId = await newRoom(ada);
  bus.losing = true;
  await say(ada, roomId, 'Unheard');
  const again = await connect(parley, ada);
  expect(again.connected.rooms).toMatchObject([{ roomId, head: 1, count: 1 }]);
});

test('every heartbeat interval something comes', async () => {
  const before = ada.client.frames;
  clock.advance(25_000);
  await expect.poll(() => ada.client.frames).toBeGreaterThan(before);
});
