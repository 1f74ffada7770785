import { uuidv7 } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import type { Store } from '../testing/stores.ts';
import type { BatchChanges } from './batch-changes.ts';
import { headOf, isMessage, type Entry, type VerbatimEntry } from './entry.ts';
import { emptyHead, type LogRepository } from './log.repository.ts';
import { sequenceEntries } from './sequencing.ts';

const ada = newUser('Ada');
const message = (text = 'Hello'): VerbatimEntry => ({
  event: 'message_created',
  entryId: newMessageId(),
  userId: ada.userId,
  data: { text },
});
const joined = (): VerbatimEntry => ({ event: 'member_joined', entryId: uuidv7(), userId: ada.userId, data: {} });
const logOf = (roomId: RoomId, ...newEntries: VerbatimEntry[]): Entry[] =>
  sequenceEntries(emptyHead(roomId), newEntries, 1_700_000_000_000);
const bySeq = <E extends { seq: number }>(entries: E[]): E[] => entries.sort((a, b) => a.seq - b.seq);

function nth<Item>(items: readonly Item[], index: number): Item {
  const item = items.at(index);
  if (item === undefined) throw new Error(`There is no item ${index}.`);
  return item;
}

export function describeLogRepository(name: string, open: () => Promise<Store>): void {
  describe(`the log repository over ${name}`, () => {
    let store: Store;
    let repository: LogRepository;

    beforeAll(async () => {
      store = await open();
      repository = store.log;
    });
    afterAll(() => store.close());

    const append = async (...newEntries: VerbatimEntry[]): Promise<{ roomId: RoomId; entries: Entry[] }> => {
      const roomId = newRoomId();
      const entries = logOf(roomId, ...newEntries);
      expect(await repository.insertBatch(entries)).toEqual({ kind: 'stored' });
      return { roomId, entries };
    };
    const readAll = (roomId: RoomId) => repository.readEntries(roomId, { after: 0, limit: 1_000 });

    test('returns every entry exactly as it was stored', async () => {
      const texts = [
        'Hello',
        ' \n$where: {"$gt": ""} \'; DROP TABLE entries; --',
        'Żółć 👩‍👩‍👧 \u0000 \u202e',
        'x'.repeat(8_000),
      ];
      const { roomId, entries } = await append(...texts.map(message), joined());
      expect(await readAll(roomId)).toEqual(entries);
    });

    test('returns an empty head for an empty log, then the head of the last entry', async () => {
      const empty = { seq: 0, count: 0, memberDelta: 0, messageSeq: 0, at: 0 };
      expect(await repository.readHead(newRoomId())).toMatchObject(empty);
      const { roomId, entries } = await append(message(), message(), joined());
      expect(nth(entries, 2).memberDelta).toBe(1);
      expect(await repository.readHead(roomId)).toEqual(headOf(nth(entries, 2)));
      expect(await repository.readSettledHead(roomId)).toEqual(headOf(nth(entries, 2)));
    });

    test('refuses a taken seq and changes nothing', async () => {
      const { roomId, entries } = await append(message(), message());
      const others = sequenceEntries(emptyHead(roomId), [message(), message()], 0);
      expect(await repository.insertBatch(others)).toEqual({ kind: 'clash', index: 0 });
      expect(await readAll(roomId)).toEqual(entries);
    });

    test('refuses a taken entryId in the middle of a batch, keeps the entries before it and drops those after it', async () => {
      const { roomId, entries } = await append(message());
      const taken = nth(entries, 0);
      const more = sequenceEntries(headOf(taken), [message(), message(), { ...taken }, message()], 0);
      expect(await repository.insertBatch(more)).toEqual({ kind: 'clash', index: 2 });
      expect(await readAll(roomId)).toEqual([...entries, ...more.slice(0, 2)]);
    });

    test('lets two rooms use the same entryId', async () => {
      const newEntry = message();
      await append(newEntry);
      await append(newEntry);
    });

    test('gives each seq to one of many concurrent writers', async () => {
      const roomId = newRoomId();
      const batches = Array.from({ length: 8 }, () => logOf(roomId, message(), message(), message()));
      const outcomes = await Promise.all(batches.map((batch) => repository.insertBatch(batch)));
      const kept = batches.flatMap((batch, i) => {
        const outcome = nth(outcomes, i);
        return outcome.kind === 'stored' ? batch : batch.slice(0, outcome.index);
      });
      expect(await readAll(roomId)).toEqual(bySeq(kept));
      expect(kept).toHaveLength(3);
    });

    test('finds entries by their ids, in their own room only', async () => {
      const { roomId, entries } = await append(message(), joined(), message());
      const foreign = await append(message());
      const ids = [nth(entries, 2), nth(foreign.entries, 0), nth(entries, 1)].map(({ entryId }) => entryId);
      const found = await repository.findByEntryIds(roomId, [...ids, newMessageId()]);
      expect(bySeq(found)).toEqual(entries.slice(1));
      expect(await repository.findByEntryIds(roomId, [])).toEqual([]);
    });

    test('reads pages of entries ascending and of messages descending', async () => {
      const { roomId, entries } = await append(message('1'), joined(), message('3'), joined(), message('5'));
      expect(await repository.readEntries(roomId, { after: 1, limit: 2 })).toEqual(entries.slice(1, 3));
      expect(await repository.readEntries(roomId, { after: 5, limit: 2 })).toEqual([]);
      expect(await repository.readMessages(roomId, { before: 5, limit: 5 })).toEqual([entries[2], entries[0]]);
      expect(await repository.readMessages(roomId, { before: 6, limit: 2 })).toEqual([entries[4], entries[2]]);
    });

    test('returns the heads of many rooms at once', async () => {
      const filled = await Promise.all([append(message(), joined()), append(joined()), append(message())]);
      const roomIds = [newRoomId(), ...filled.map(({ roomId }) => roomId), newRoomId()];
      const heads = await repository.readHeads(roomIds);
      const byRoom = (a: { roomId: string }, b: { roomId: string }) => a.roomId.localeCompare(b.roomId);
      expect(heads.sort(byRoom)).toEqual(filled.map(({ entries }) => headOf(nth(entries, -1))).sort(byRoom));
      expect(await repository.readHeads([])).toEqual([]);
    });

    test('returns the heads of more rooms than fit into one query', async () => {
      const { roomId } = await append(message());
      const heads = await repository.readHeads([...Array.from({ length: 2_500 }, newRoomId), roomId]);
      expect(heads.map((head) => head.roomId)).toEqual([roomId]);
    });

    test('stores nothing of a batch whose changes cannot all be written', async () => {
      const { roomId, entries } = await append(message('before'));
      const [before] = entries.filter(isMessage);
      if (!before) throw new Error('There is no message.');
      const taken: BatchChanges = {
        messages: [{ ...before, data: { text: 'after' } }],
        reactions: [],
        removedMentions: [],
        // The same mention twice breaks its unique index.
        mentions: [{ seq: 1, userIds: [ada.userId, ada.userId] }],
        deleted: [before],
        version: 2,
      };
      const result = repository.insertBatch(sequenceEntries(headOf(before), [message()], 0), taken);
      expect(await result).toEqual({ kind: 'clash', index: 0 });
      expect(await readAll(roomId)).toEqual(entries);
      expect(await store.mentions.count([{ userId: ada.userId, roomId, seq: 0 }])).toEqual([0]);
      const ownRoom = { roomIds: [roomId], prefixes: ['before'], limit: 1 };
      expect(await store.search.find(ownRoom)).toEqual([]);
    });

    test('stores a batch and the changes of the features together', async () => {
      const { roomId, entries } = await append(message('before'));
      const [before] = entries.filter(isMessage);
      if (!before) throw new Error('There is no message.');
      const after = { ...before, data: { text: 'after' } };
      const reaction = { messageId: before.entryId, emoji: '👍', userId: ada.userId };
      const changes: BatchChanges = {
        messages: [after],
        reactions: [{ ...reaction, on: true, seq: 2 }],
        removedMentions: [],
        mentions: [{ seq: 1, userIds: [ada.userId] }],
        deleted: [],
        version: 2,
      };
      const more = sequenceEntries(headOf(before), [message()], 0);
      expect(await repository.insertBatch(more, changes)).toEqual({ kind: 'stored' });
      expect(await readAll(roomId)).toEqual([after, ...more]);
      expect(await store.mentions.count([{ userId: ada.userId, roomId, seq: 0 }])).toEqual([1]);
      expect(await store.reactions.find(roomId, [reaction])).toEqual([reaction]);
    });

    test('returns the messages at given positions and nothing else', async () => {
      const one = await append(message(), joined(), message());
      const other = await append(message());
      const found = await repository.readMessagesAt([
        { roomId: one.roomId, messageSeq: 3 },
        { roomId: one.roomId, messageSeq: 2 },
        { roomId: other.roomId, messageSeq: 1 },
        { roomId: other.roomId, messageSeq: 3 },
      ]);
      expect(new Set(found)).toEqual(new Set([one.entries[2], other.entries[0]]));
      expect(await repository.readMessagesAt([])).toEqual([]);
    });
  });
}
