import type { MessageId } from '@parley/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { laneContext, type TestContext } from '../testing/lane-context.ts';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import { ScriptedRepository, soon, type Step } from '../testing/scripted-repository.ts';
import type { VerbatimEntry, Entry } from './entry.ts';
import { Lane, type LaneContext } from './lane.ts';
import type { AppendOutcome } from './pending-entry.ts';

const authors = ['Ada', 'Bob', 'Cem'].map(newUser);

/** An entry sent to the lane, `pause` turns after the previous one. */
interface Sent {
  readonly author: number;
  /** Sends the entry of this many sends ago again instead of a new one. */
  readonly repeats: number | undefined;
  readonly altered: boolean;
  readonly nonMember: boolean;
  readonly pause: number;
}

const sent: fc.Arbitrary<Sent> = fc.record({
  author: fc.nat(authors.length - 1),
  repeats: fc.option(fc.nat(8), { freq: 4, nil: undefined }),
  altered: fc.boolean(),
  nonMember: fc.nat(9).map((chance) => chance === 0),
  pause: fc.nat(12),
});

type PlannedStep =
  | Exclude<Step, { kind: 'otherWriter' }>
  | { readonly kind: 'otherWriter'; readonly writes: number; readonly ours: boolean };

const step: fc.Arbitrary<PlannedStep> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'plain' } as const) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('otherWriter' as const),
      writes: fc.integer({ min: 1, max: 3 }),
      ours: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('ambiguous' as const),
      written: fc.nat(5),
      fate: fc.constantFrom('majority' as const, 'later' as const, 'rolledBack' as const),
      failingReads: fc.nat(3),
    }),
  },
);

interface Scenario {
  readonly sent: readonly Sent[];
  readonly steps: readonly PlannedStep[];
}
const plan: fc.Arbitrary<Scenario> = fc.record({
  sent: fc.array(sent, { minLength: 1, maxLength: 30 }),
  steps: fc.array(step, { maxLength: 12 }),
});

/** A fault planted in the lane or its repository, to prove that the invariants notice it. */
type Fault = (context: TestContext) => LaneContext;
const none: Fault = (context) => context;

const messageOf = (userId: VerbatimEntry['userId'], entryId: MessageId, text: string): VerbatimEntry => ({
  event: 'message_created',
  entryId,
  userId,
  data: { text },
});

/** Plays the plan and returns everything that is wrong afterwards. */
async function faultsOf({ sent: plannedSent, steps }: Scenario, fault: Fault): Promise<string[]> {
  const roomId = newRoomId();
  const faults: string[] = [];
  const newEntries: VerbatimEntry[] = [];
  for (const [index, { author, repeats, altered }] of plannedSent.entries()) {
    const repeated = repeats === undefined ? undefined : newEntries[index - 1 - repeats];
    const userId = authors[author]?.userId ?? newUser('').userId;
    if (!repeated) newEntries.push(messageOf(userId, newMessageId(), `${index}`));
    else if (altered) newEntries.push(messageOf(userId, repeated.entryId as MessageId, 'another text'));
    else newEntries.push(repeated);
  }
  const scripted = steps.map((planned, index): Step => {
    if (planned.kind !== 'otherWriter') return planned;
    // A replica may also store what was sent to this lane, for clients try again anywhere.
    const theirs = Array.from({ length: planned.writes }, () =>
      messageOf(newUser('Zoe').userId, newMessageId(), 'theirs'),
    );
    const ours = newEntries[index % newEntries.length];
    return { kind: 'otherWriter', newEntries: planned.ours && ours ? [...theirs, ours] : theirs };
  });

  const repository = new ScriptedRepository(roomId, scripted);
  const context = laneContext(repository, authors);
  const lane = new Lane(roomId, fault(context));
  const answers: Promise<void>[] = [];
  const acknowledged: { readonly order: number; readonly newEntry: VerbatimEntry; readonly entry: Entry }[] = [];
  const note = (order: number, newEntry: VerbatimEntry, [outcome]: readonly AppendOutcome[]): void => {
    if (!outcome || !('entry' in outcome)) return;
    const { entry } = outcome;
    acknowledged.push({ order, newEntry, entry });
    if (!repository.atMajority.some(({ seq, entryId }) => seq === entry.seq && entryId === newEntry.entryId)) {
      faults.push('acknowledged what is not at majority');
    }
    if (entry.userId !== newEntry.userId || JSON.stringify(entry.data) !== JSON.stringify(newEntry.data)) {
      faults.push('acknowledged as a retry what is another message');
    }
  };
  for (const [order, { pause, nonMember }] of plannedSent.entries()) {
    for (let turn = 0; turn < pause; turn += 1) await Promise.resolve();
    const newEntry = newEntries[order];
    if (!newEntry) continue;
    context.nonMembers.clear();
    if (nonMember) context.nonMembers.add(newEntry.userId);
    answers.push(lane.append([newEntry]).then((outcomes) => note(order, newEntry, outcomes)));
  }
  await Promise.all(answers);
  for (let turn = 0; turn < 20; turn += 1) await soon();
  repository.settle();

  const log = repository.atMajority;
  faults.push(...repository.violations);
  if (log.some(({ seq }, index) => seq !== index + 1)) faults.push('a hole in the log');
  if (new Set(log.map(({ entryId }) => entryId)).size !== log.length) faults.push('an entry twice');
  if (log.some(({ count, messageSeq }, index) => count !== index + 1 || messageSeq !== index + 1)) {
    faults.push('a wrong count');
  }
  for (const { entry } of acknowledged) {
    if (log[entry.seq - 1]?.entryId !== entry.entryId) faults.push('an acknowledged entry is gone');
    if (!context.published.flat().some(({ seq }) => seq === entry.seq)) faults.push('acknowledged and never published');
  }
  const ours = acknowledged.filter(({ entry }) => !repository.byOtherWriters.has(entry.entryId));
  faults.push(...disorder(ours, newEntries));
  return faults;
}

/** The accepted messages of an author, those sent once, must stand in the log in the order in which they were sent. */
function disorder(
  acknowledged: readonly { order: number; newEntry: VerbatimEntry; entry: Entry }[],
  newEntries: readonly VerbatimEntry[],
): string[] {
  const once = (newEntry: VerbatimEntry) =>
    newEntries.filter(({ entryId }) => entryId === newEntry.entryId).length === 1;
  return authors.flatMap(({ userId }) => {
    const own = acknowledged.filter(({ newEntry }) => newEntry.userId === userId && once(newEntry));
    const seqs = own.sort((a, b) => a.order - b.order).map(({ entry }) => entry.seq);
    return seqs.some((seq, index) => seq < (seqs[index - 1] ?? 0)) ? ['an author’s messages out of order'] : [];
  });
}

const check = (fault: Fault, options: fc.Parameters<[Scenario]>) =>
  fc.check(
    fc.asyncProperty(plan, async (planned) => {
      expect(await faultsOf(planned, fault)).toEqual([]);
    }),
    options,
  );

test('a lane leaves one order without holes and acknowledges only what is at majority, whatever its inserts meet', async () => {
  const seed = Number(process.env['PARLEY_TEST_SEED'] ?? 20_261_101);
  const result = await check(none, { seed, numRuns: 3_000 });
  expect(result.failed, fc.defaultReportMessage(result)).toBe(false);
});

describe('the invariants notice', () => {
  const over = (context: TestContext, changed: Partial<LaneContext['repository']>): LaneContext => {
    const { repository } = context;
    const own: LaneContext['repository'] = {
      insertBatch: (entries) => repository.insertBatch(entries),
      readSettledHead: () => repository.readSettledHead(),
      findByEntryIds: (roomId, entryIds) => repository.findByEntryIds(roomId, entryIds),
    };
    return { ...context, repository: { ...own, ...changed } };
  };
  const planted: Record<string, Fault> = {
    'an uncertain insert that is taken for stored': (context) =>
      over(context, {
        insertBatch: (entries) => context.repository.insertBatch(entries).catch(() => ({ kind: 'stored' })),
      }),
    'a read-back that sees what only the primary has': (context) =>
      over(context, {
        async findByEntryIds(roomId, entryIds) {
          const found = await context.repository.findByEntryIds(roomId, entryIds);
          return [...found, ...context.repository.onPrimaryOnly.filter(({ entryId }) => entryIds.includes(entryId))];
        },
      }),
    'a read-back that is left out': (context) => over(context, { findByEntryIds: () => Promise.resolve([]) }),
    'a head that is one too high': (context) =>
      over(context, {
        async readSettledHead() {
          const head = await context.repository.readSettledHead();
          return { ...head, seq: head.seq + 1 };
        },
      }),
    'a head without its count': (context) =>
      over(context, { readSettledHead: async () => ({ ...(await context.repository.readSettledHead()), count: 0 }) }),
    'a clash that is taken to be one later than it was': (context) =>
      over(context, {
        async insertBatch(entries) {
          const outcome = await context.repository.insertBatch(entries);
          return outcome.kind === 'clash' ? { ...outcome, index: outcome.index + 1 } : outcome;
        },
      }),
    'a batch that is stored backwards': (context) =>
      over(context, {
        insertBatch: (entries) =>
          context.repository.insertBatch(
            entries.map((entry, index) => ({ ...(entries.at(-1 - index) ?? entry), seq: entry.seq })),
          ),
      }),
    'a broadcast that is left out': (context) => ({ ...context, publisher: { publish: () => Promise.resolve() } }),
  };

  test.each(Object.entries(planted))('%s', async (_name, fault) => {
    const result = await check(fault, { seed: 1, numRuns: 2_000, endOnFailure: true });
    expect(result.failed).toBe(true);
  });
});
