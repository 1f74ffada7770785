import type { MessageId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { laneContext, type TestContext } from '../testing/lane-context.ts';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import { ScriptedRepository, type Step } from '../testing/scripted-repository.ts';
import type { VerbatimEntry } from './entry.ts';
import { Lane } from './lane.ts';
import type { AppendOutcome } from './pending-entry.ts';

const roomId = newRoomId();
const ada = newUser('Ada');
const bob = newUser('Bob');

const message = (text: string, { user = ada, entryId = newMessageId() } = {}): VerbatimEntry => ({
  event: 'message_created',
  entryId,
  userId: user.userId,
  data: { text },
});

function openLane(...steps: Step[]): { lane: Lane; context: TestContext; repository: ScriptedRepository } {
  const repository = new ScriptedRepository(roomId, steps);
  const context = laneContext(repository, [ada, bob]);
  return { lane: new Lane(roomId, context), context, repository };
}

const seqsOrCodes = (outcomes: readonly AppendOutcome[]) =>
  outcomes.map((outcome) => ('entry' in outcome ? outcome.entry.seq : outcome.error.code));
const texts = (repository: ScriptedRepository) =>
  repository.atMajority.map((entry) => (entry.event === 'message_created' ? entry.data.text : entry.event));

describe('a lane', () => {
  test('collects while an insert is in flight, then inserts all of it as one batch', async () => {
    const { lane, repository } = openLane();
    const outcomes = await Promise.all(['1', '2', '3', '4'].map((text) => lane.append([message(text)])));
    expect(outcomes.map(seqsOrCodes)).toEqual([[1], [2], [3], [4]]);
    expect(repository.batches.map((batch) => batch.length)).toEqual([1, 3]);
  });

  test('reads the head once and then follows it by its own inserts', async () => {
    const { lane, repository } = openLane();
    for (const text of ['1', '2', '3']) await lane.append([message(text)]);
    expect(repository.headReads).toBe(1);
  });

  test('limits a batch to 200 entries and to the bytes that one broadcast may have', async () => {
    const { lane, repository } = openLane();
    await lane.append(Array.from({ length: 300 }, () => message('a')));
    await lane.append(Array.from({ length: 50 }, () => message('ü'.repeat(8_000))));
    expect(repository.batches.map((batch) => batch.length)).toEqual([200, 100, 16, 16, 16, 2]);
  });

  test('publishes one batch for one insert, before it acknowledges', async () => {
    const { lane, context } = openLane();
    const outcomes = await lane.append([message('1'), message('2')]);
    expect(context.published).toEqual([outcomes.flatMap((outcome) => ('entry' in outcome ? [outcome.entry] : []))]);
  });

  test('starts the next insert while the bus is slow', async () => {
    const { lane, context, repository } = openLane();
    const slow = Promise.withResolvers<void>();
    const publishes = [slow.promise, Promise.resolve()];
    const waiting = new Lane(roomId, { ...context, publisher: { publish: () => publishes.shift() ?? slow.promise } });
    let acknowledged = false;
    const first = waiting.append([message('1')]).finally(() => {
      acknowledged = true;
    });
    expect(seqsOrCodes(await waiting.append([message('2')]))).toEqual([2]);
    expect(texts(repository)).toEqual(['1', '2']);
    expect(acknowledged).toBe(false);
    slow.resolve();
    expect(seqsOrCodes(await first)).toEqual([1]);
    expect(lane.idle).toBe(true);
  });

  test('gives entries times that never decrease, even when the clock goes back', async () => {
    const { lane, context, repository } = openLane();
    await lane.append([message('1')]);
    context.time -= 60_000;
    await lane.append([message('2')]);
    context.time += 120_000;
    await lane.append([message('3')]);
    expect(repository.atMajority.map(({ at }) => at)).toEqual([1_000_000, 1_000_000, 1_060_000]);
  });

  test('counts messages only, and keeps the seq of the last one in each entry', async () => {
    const { lane, repository } = openLane();
    const left: VerbatimEntry = { event: 'member_left', entryId: 'left-1', userId: bob.userId, data: {} };
    await lane.append([message('1'), left, message('3')]);
    expect(repository.atMajority.map(({ seq, count, messageSeq }) => [seq, count, messageSeq])).toEqual([
      [1, 1, 1],
      [2, 1, 1],
      [3, 2, 3],
    ]);
  });
});

test('a lane that is given no entries accepts the next ones', async () => {
  const { lane } = openLane();
  expect(await lane.append([])).toEqual([]);
  expect(lane.idle).toBe(true);
  expect(seqsOrCodes(await lane.append([message('1')]))).toEqual([1]);
});

describe('after a clash, a lane', () => {
  test('with another writer keeps the entries before it, reads the head and numbers the rest again', async () => {
    const { lane, repository } = openLane({ kind: 'plain' }, { kind: 'otherWriter', newEntries: [message('theirs')] });
    await lane.append([message('1')]);
    expect(seqsOrCodes(await lane.append([message('2'), message('3')]))).toEqual([3, 4]);
    expect(texts(repository)).toEqual(['1', 'theirs', '2', '3']);
    expect(repository.headReads).toBe(2);
  });

  test('of a remembered head tries again at once, and of a head just read after 5 to 20 ms', async () => {
    const other = (): Step => ({ kind: 'otherWriter', newEntries: [message('theirs')] });
    const { lane, context } = openLane({ kind: 'plain' }, other(), other(), other());
    await lane.append([message('1')]);
    expect(seqsOrCodes(await lane.append([message('2')]))).toEqual([5]);
    expect(context.sleeps).toEqual([12.5, 12.5]);
  });

  test('with a retry in the middle stores all other entries in their order', async () => {
    const { lane, repository } = openLane();
    const entryId = newMessageId();
    await lane.append([message('1', { entryId })]);
    const outcomes = await lane.append([message('2'), message('1', { entryId }), message('3')]);
    expect(seqsOrCodes(outcomes)).toEqual([2, 1, 3]);
    expect(texts(repository)).toEqual(['1', '2', '3']);
    expect(repository.batches.map((batch) => batch.length)).toEqual([1, 3, 1]);
    expect(repository.headReads).toBe(1);
  });

  test('that repeats 30 times answers unavailable and leaves the log without holes', async () => {
    const steps = Array.from({ length: 31 }, (): Step => ({ kind: 'otherWriter', newEntries: [message('theirs')] }));
    const { lane, repository } = openLane(...steps);
    expect(seqsOrCodes(await lane.append([message('mine')]))).toEqual(['unavailable']);
    expect(repository.atMajority.map(({ seq }) => seq)).toEqual(steps.map((_, index) => index + 1));
    expect(seqsOrCodes(await lane.append([message('mine')]))).toEqual([32]);
  });
});

test('a lane refuses a message whose author leaves while the head is being read', async () => {
  const { lane, context, repository } = openLane();
  const readSettledHead = repository.readSettledHead.bind(repository);
  repository.readSettledHead = async () => {
    // Time enough for a membership that is read too early.
    await new Promise(setImmediate);
    context.nonMembers.add(bob.userId);
    repository.write({ event: 'member_left', entryId: 'left-bob', userId: bob.userId, data: {} });
    return readSettledHead();
  };
  expect(seqsOrCodes(await lane.append([message('too late', { user: bob })]))).toEqual(['not_member']);
  expect(texts(repository)).toEqual(['member_left']);
});

test('a lane refuses a message whose author leaves while it clashes', async () => {
  const left: VerbatimEntry = { event: 'member_left', entryId: 'left-ada', userId: ada.userId, data: {} };
  const { lane, context, repository } = openLane({ kind: 'plain' }, { kind: 'otherWriter', newEntries: [left] });
  await lane.append([message('1')]);
  const sent = lane.append([message('2')]);
  while (repository.batches.length < 2) await Promise.resolve();
  context.nonMembers.add(ada.userId);
  expect(seqsOrCodes(await sent)).toEqual(['not_member']);
  expect(texts(repository)).toEqual(['1', 'member_left']);
});

describe('the same messageId sent again', () => {
  const entryId = newMessageId();

  test('by the same user with the same text is acknowledged with the stored message', async () => {
    const { lane, context } = openLane();
    const [first] = await lane.append([message('1', { entryId })]);
    context.time += 10_000;
    expect(await lane.append([message('1', { entryId })])).toEqual([first]);
  });

  test('is published again while the message is younger than a minute, and not later', async () => {
    const { lane, context } = openLane();
    await lane.append([message('1', { entryId })]);
    context.time += 59_999;
    await lane.append([message('1', { entryId })]);
    expect(context.published).toHaveLength(2);
    context.time += 1;
    await lane.append([message('1', { entryId })]);
    expect(context.published).toHaveLength(2);
  });

  test('by a former member is acknowledged, while their new messages are refused', async () => {
    const { lane, context } = openLane();
    await lane.append([message('1', { entryId })]);
    context.nonMembers.add(ada.userId);
    const outcomes = await lane.append([message('2'), message('1', { entryId }), message('other', { entryId })]);
    expect(seqsOrCodes(outcomes)).toEqual(['not_member', 1, 'not_member']);
  });

  test.each<[string, VerbatimEntry]>([
    ['with another text', message('other', { entryId })],
    ['by another user', message('1', { entryId, user: bob })],
    ['for another kind of entry', { event: 'member_left', entryId, userId: ada.userId, data: {} }],
  ])('%s is a conflict that reveals nothing and is not published', async (_name, newEntry) => {
    const { lane, context, repository } = openLane();
    await lane.append([message('1', { entryId })]);
    const [outcome] = await lane.append([newEntry]);
    expect(outcome).toEqual({ error: expect.objectContaining({ code: 'conflict' }) as unknown });
    expect(JSON.stringify(outcome)).not.toContain('"1"');
    expect(context.published).toHaveLength(1);
    expect(texts(repository)).toEqual(['1']);
  });

  test('twice within one batch is stored once, and each outcome follows from the stored message', async () => {
    const { lane, repository } = openLane();
    const outcomes = await lane.append([
      message('1', { entryId }),
      message('2'),
      message('1', { entryId }),
      message('other', { entryId }),
    ]);
    expect(seqsOrCodes(outcomes)).toEqual([1, 2, 1, 'conflict']);
    expect(texts(repository)).toEqual(['1', '2']);
  });

  test('by a user who is no member and by a member in one batch belongs to the member', async () => {
    const { lane, context } = openLane();
    context.nonMembers.add(bob.userId);
    const outcomes = await lane.append([message('1', { entryId, user: bob }), message('1', { entryId })]);
    expect(seqsOrCodes(outcomes)).toEqual(['not_member', 1]);
  });
});

describe('after an insert with an uncertain result', () => {
  test('entries that are found at majority are acknowledged and published', async () => {
    const { lane, context } = openLane({ kind: 'ambiguous', written: 2, fate: 'majority' });
    expect(seqsOrCodes(await lane.append([message('1'), message('2')]))).toEqual([1, 2]);
    expect(context.published.flat().map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test('entries that are found in part are acknowledged in part, and the next message leaves no hole', async () => {
    const { lane, repository } = openLane({ kind: 'ambiguous', written: 1, fate: 'majority' });
    expect(seqsOrCodes(await lane.append([message('1'), message('2')]))).toEqual([1, 'unavailable']);
    expect(seqsOrCodes(await lane.append([message('3')]))).toEqual([2]);
    expect(texts(repository)).toEqual(['1', '3']);
  });

  test.each(['later', 'rolledBack'] as const)(
    'entries on the primary only are never acknowledged (%s)',
    async (fate) => {
      const { lane, repository } = openLane({ kind: 'ambiguous', written: 1, fate });
      const lost = message('1');
      expect(seqsOrCodes(await lane.append([lost]))).toEqual(['unavailable']);
      repository.settle();
      expect(seqsOrCodes(await lane.append([lost]))).toEqual([1]);
      expect(texts(repository)).toEqual(['1']);
    },
  );

  test('the head is read again', async () => {
    const { lane, repository } = openLane({ kind: 'plain' }, { kind: 'ambiguous', written: 0, fate: 'rolledBack' });
    await lane.append([message('1')]);
    await lane.append([message('2')]);
    await lane.append([message('3')]);
    expect(repository.headReads).toBe(2);
  });

  test('nothing is inserted until the read-back succeeds, and every append is unavailable', async () => {
    const { lane, repository } = openLane({ kind: 'ambiguous', written: 1, fate: 'later', failingReads: 2 });
    const outcomes = await Promise.all([lane.append([message('1')]), lane.append([message('2')])]);
    expect(outcomes.map(seqsOrCodes)).toEqual([['unavailable'], ['unavailable']]);
    expect(lane.idle).toBe(false);
    expect(seqsOrCodes(await lane.append([message('3')]))).toEqual(['unavailable']);
    expect(repository.batches).toHaveLength(1);
    expect(seqsOrCodes(await lane.append([message('4')]))).toEqual([2]);
    expect(texts(repository)).toEqual(['1', '4']);
    expect(repository.violations).toEqual([]);
    expect(lane.idle).toBe(true);
  });
});

test('a lane answers unavailable to all waiting entries when the database is not reachable', async () => {
  const { lane, repository } = openLane();
  repository.failingReads = 1;
  const outcomes = await Promise.all([lane.append([message('1')]), lane.append([message('2')])]);
  expect(outcomes.map(seqsOrCodes)).toEqual([['unavailable'], ['unavailable']]);
  expect(outcomes[0]?.[0]).toMatchObject({ error: { retryAfterMs: 1_000 } });
  expect(seqsOrCodes(await lane.append([message('3', { entryId: 'again-again-again' as MessageId })]))).toEqual([1]);
});
