import { expect, test, vi } from 'vitest';
import { laneContext } from '../testing/lane-context.ts';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import { ScriptedRepository } from '../testing/scripted-repository.ts';
import type { NewEntry } from './entry.ts';
import { Lanes } from './lanes.ts';
import type { AppendOutcome } from './pending-entry.ts';

const ada = newUser('Ada');
const message = (): NewEntry => ({
  event: 'message_created',
  entryId: newMessageId(),
  userId: ada.userId,
  data: { text: 'Hello' },
});
const open = (bounds: { waitingInRoom: number; waiting: number; lanes: number }, room = newRoomId()) => {
  const repository = new ScriptedRepository(room);
  return { room, repository, lanes: new Lanes(laneContext(repository, [ada]), bounds) };
};
const seqsOrCodes = (outcomes: readonly AppendOutcome[]) =>
  outcomes.map((outcome) => ('entry' in outcome ? outcome.entry.seq : outcome.error.code));

test('entries beyond the limit of a room are unavailable until earlier ones are stored', async () => {
  const { lanes, room } = open({ waitingInRoom: 3, waiting: 100, lanes: 10 });
  const answers = await Promise.all([
    lanes.append(room, [message(), message()]),
    lanes.append(room, [message(), message()]),
  ]);
  expect(answers.map(seqsOrCodes)).toEqual([
    [1, 2],
    [3, 'unavailable'],
  ]);
  expect(answers[1]?.[1]).toMatchObject({ error: { retryable: true, retryAfterMs: 1_000 } });
  expect(seqsOrCodes(await lanes.append(room, [message(), message(), message()]))).toEqual([4, 5, 6]);
});

test('entries beyond the limit of all rooms together are unavailable', async () => {
  const { lanes, room } = open({ waitingInRoom: 100, waiting: 3, lanes: 10 });
  const answers = await Promise.all([
    lanes.append(room, [message(), message()]),
    lanes.append(newRoomId(), [message(), message()]),
  ]);
  expect(seqsOrCodes(answers[1] ?? [])).toEqual([expect.any(Number), 'unavailable']);
});

test('idle lanes are dropped, the least recently used first', async () => {
  const { lanes, room, repository } = open({ waitingInRoom: 100, waiting: 100, lanes: 2 });
  await lanes.append(room, [message()]);
  for (let others = 0; others < 5; others += 1) {
    await lanes.append(newRoomId(), []);
    await lanes.append(room, [message()]);
  }
  expect(lanes.size).toBe(2);
  expect(repository.headReads).toBe(1);
  await lanes.append(newRoomId(), []);
  await lanes.append(newRoomId(), []);
  await lanes.append(room, [message()]);
  expect(repository.headReads).toBe(2);
});

test('a lane in use is kept, however many others are added', async () => {
  const { lanes, room, repository } = open({ waitingInRoom: 100, waiting: 100, lanes: 1 });
  const first = lanes.append(room, [message()]);
  await lanes.append(newRoomId(), []);
  const second = lanes.append(room, [message()]);
  expect([...(await first), ...(await second)].map((outcome) => seqsOrCodes([outcome])[0])).toEqual([1, 2]);
  expect(repository.violations).toEqual([]);
});

test('close waits for the accepted entries and refuses later ones', async () => {
  const { lanes, room } = open({ waitingInRoom: 100, waiting: 100, lanes: 10 });
  const decided = vi.fn();
  const taken = lanes.append(room, [message()]).then(decided);
  await lanes.close();
  expect(decided).toHaveBeenCalled();
  await taken;
  expect(seqsOrCodes(await lanes.append(room, [message()]))).toEqual(['unavailable']);
});
