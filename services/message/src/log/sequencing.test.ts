import { expect, test } from 'vitest';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import type { Entry, VerbatimEntry } from './entry.ts';
import { emptyHead } from './log.repository.ts';
import { batchLength, sequenceEntries, consecutiveRuns } from './sequencing.ts';

const message = (text = 'Hello'): VerbatimEntry => ({
  event: 'message_created',
  entryId: newMessageId(),
  userId: newUser('Ada').userId,
  data: { text },
});
const change = (event: 'member_joined' | 'member_left'): VerbatimEntry => ({
  event,
  entryId: newMessageId(),
  userId: newUser('Ben').userId,
  data: {},
});
const waiting = (...texts: string[]) => texts.map((text) => ({ newEntry: message(text) }));
const seqs = (runs: readonly (readonly Entry[])[]) => runs.map((run) => run.map(({ seq }) => seq));

test('a batch has at most 200 entries and 256 KiB of text, and at least one entry', () => {
  expect(batchLength(waiting(...Array<string>(500).fill('x')))).toBe(200);
  expect(batchLength(waiting(...Array<string>(20).fill('x'.repeat(100 * 1_024))))).toBe(2);
  expect(batchLength(waiting('x'.repeat(1_024 * 1_024), 'x'))).toBe(1);
});

test('entries count joins minus leaves, starting from the head', () => {
  const newEntries = [change('member_joined'), message(), change('member_left'), change('member_left'), message()];
  const moved = (memberDelta: number) =>
    sequenceEntries({ ...emptyHead(newRoomId()), memberDelta }, newEntries, 0).map((entry) => entry.memberDelta);
  expect(moved(0)).toEqual([1, 1, 0, -1, -1]);
  expect(moved(7)).toEqual([8, 8, 7, 6, 6]);
});

test('entries with a missing seq between them are separate runs', () => {
  const entries = sequenceEntries(emptyHead(newRoomId()), [message(), message(), message(), message(), message()], 0);
  expect(consecutiveRuns([])).toEqual([]);
  expect(seqs(consecutiveRuns(entries))).toEqual([[1, 2, 3, 4, 5]]);
  expect(seqs(consecutiveRuns(entries.filter(({ seq }) => seq !== 1 && seq !== 4)))).toEqual([[2, 3], [5]]);
});
