import type { RoomChangeEntry } from '@parley/contracts';
import { uuidv7 } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { headOf, type NewUnknownEntry, type UnknownEvent } from './log/entry.ts';
import { sequenceEntries } from './log/sequencing.ts';
import { ada, bob, eve, useConversation } from './testing/conversation.ts';
import type { Store } from './testing/stores.ts';

const ODD_DATA: readonly (readonly [string, unknown])[] = [
  ['no fields', {}],
  ['null fields', { message: null, user: null, messageId: null, attachments: null }],
  ['fields of other types', { messageId: 5, messageSeq: 'x', attachments: 7, text: ['x'], name: {}, reactions: true }],
  ['nested fields', { a: { b: { c: [{ 'd.e': [null, { $set: 1 }] }] } } }],
  ['100,000 characters', { text: 'x'.repeat(100_000) }],
  ['300,000 characters', { text: 'x'.repeat(300_000) }],
  ['null in place of an object', null],
  ['a list in place of an object', [1, null, {}]],
  ['a string in place of an object', 'odd'],
];

const unknownEntry = (data: unknown): NewUnknownEntry => ({
  event: 'x_unknown' as UnknownEvent,
  entryId: uuidv7(),
  userId: bob.userId,
  data,
});

/** Entries of a kind that only a later release knows: every reader skips them and keeps their seq, and the writer stores them. */
export function describeUnknownEntries(name: string, open: () => Promise<Store>): void {
  const { store, replica, other, openRoom, say, update, remove, react, logOf, messagesOf } = useConversation(open);

  /** As the room service of a later release sends them; the edge of the API bounds their data, the log does not. */
  const append = (roomId: RoomId, ...entries: (NewUnknownEntry | RoomChangeEntry)[]) =>
    replica().append.appendMemberships(roomId, entries);
  const joined = (): RoomChangeEntry => ({ event: 'member_joined', entryId: uuidv7(), userId: eve.userId, data: {} });
  const headOfRoom = async (roomId: RoomId) => (await replica().api.getHeads({ roomIds: [roomId] })).heads[0];

  describe.each(ODD_DATA)(`an unknown entry over ${name} with %s`, (_data, data) => {
    test('is stored unchanged, once, between its neighbours, and changes no count', async () => {
      const roomId = await openRoom(ada, bob);
      const unknown = unknownEntry(data);
      await say(roomId, '1');
      const positions = await append(roomId, joined(), unknown, joined());
      expect(positions).toEqual([2, 3, 4].map((seq) => ({ seq, count: 1 })));
      expect(await append(roomId, unknown)).toEqual([{ seq: 3, count: 1 }]);
      const [, , stored, last] = await store().log.readEntries(roomId, { after: 0, limit: 10 });
      expect(stored).toMatchObject({ ...unknown, seq: 3, count: 1, memberDelta: 1, messageSeq: 1 });
      expect(last).toMatchObject({ seq: 4, count: 1, memberDelta: 2, messageSeq: 1 });
    });

    test('reaches gateways live and in pages under its name, so that no seq is missing', async () => {
      const roomId = await openRoom(ada, bob);
      const before = replica().bus.broadcasts.length;
      await say(roomId, '1');
      await append(roomId, unknownEntry(data));
      await say(roomId, '3');
      const broadcasts = replica().bus.broadcasts.slice(before);
      expect(broadcasts.map(({ header }) => header)).toMatchObject([
        { firstSeq: 1, lastSeq: 1 },
        { firstSeq: 2, lastSeq: 2 },
        { firstSeq: 3, lastSeq: 3 },
      ]);
      const live = broadcasts.flatMap(({ events }) => events);
      expect(live.map(({ event, seq }) => [event, seq])).toEqual([
        ['message_created', 1],
        ['x_unknown', 2],
        ['message_created', 3],
      ]);
      expect(live[1]?.data).toMatchObject({ userId: bob.userId });
      expect(Buffer.byteLength(JSON.stringify(live[1]))).toBeLessThan(65 * 1_024);
      const page = await other().api.getEvents({ userId: ada.userId, roomId, after: 0, limit: 200 });
      expect(page).toMatchObject({ events: live, head: 3 });
      expect(await logOf(roomId)).toEqual(live);
    });

    test('stored by a replica of a later release does not stop the writer', async () => {
      const roomId = await openRoom(ada, bob);
      const message = await say(roomId, '1');
      await store().log.insertBatch(
        sequenceEntries(headOf(await store().log.readHead(roomId)), [unknownEntry(data)], Date.now()),
      );
      await react(message, '👍', true, bob);
      await update(message, 'edited', ada, [bob.userId]);
      expect((await say(roomId, '5', { replyTo: message.messageId })).seq).toBe(5);
      await remove(message);
      expect((await logOf(roomId)).map(({ event, seq }) => [event, seq])).toEqual([
        ['message_created', 1],
        ['x_unknown', 2],
        ['reaction_changed', 3],
        ['message_updated', 4],
        ['message_created', 5],
        ['message_deleted', 6],
      ]);
      expect(await headOfRoom(roomId)).toMatchObject({ seq: 6, count: 2, memberDelta: 0, messageSeq: 5 });
    });

    test('is in no page of messages, is no last message and is not counted', async () => {
      const roomId = await openRoom(ada, bob);
      await say(roomId, '1');
      const unknown = unknownEntry(data);
      await append(roomId, unknown);
      await say(roomId, '3');
      await append(roomId, unknownEntry(data));
      const { api } = replica();
      const request = { userId: ada.userId, roomId, limit: 100 };
      expect((await messagesOf(roomId)).map(({ seq }) => seq)).toEqual([1, 3]);
      for (const place of [{ after: 0 }, { before: 9 }, { around: 2 }]) {
        const page = await api.getMessages({ ...request, ...place });
        expect(page).toMatchObject({ messages: [{ seq: 1 }, { seq: 3 }], head: 4, more: false, moreAfter: false });
      }
      const named = await api.findMessages({ userId: ada.userId, roomId, messageIds: [unknown.entryId] as never });
      expect(named.messages).toEqual([]);
      const places = [2, 3, 4].map((messageSeq) => ({ roomId, messageSeq }));
      const last = await api.getLastMessages({ positions: places });
      expect(last.messages.map(({ seq }) => seq)).toEqual([3]);
      const counts = await api.getPlaces({ positions: [2, 4].map((seq) => ({ roomId, seq })) });
      expect(counts.places).toEqual([
        { roomId, seq: 2, count: 1 },
        { roomId, seq: 4, count: 2 },
      ]);
    });

    test('is skipped by the search index, which continues with the next entries', async () => {
      const roomId = await openRoom(ada, bob);
      await append(roomId, unknownEntry(data));
      const { seq } = await say(roomId, 'lighthouse');
      await append(roomId, unknownEntry(data));
      await replica().indexer.sweep();
      expect((await replica().search.readProgress([roomId])).get(roomId)).toBe(3);
      const search = (query: string) => replica().api.searchMessages({ userId: ada.userId, roomId, query, limit: 10 });
      expect((await search('lighthouse')).messages).toMatchObject([{ seq }]);
      expect((await search('xxx')).messages).toEqual([]);
    });

    test('keeps its entryId from being used by a message', async () => {
      const roomId = await openRoom(ada, bob);
      const unknown = unknownEntry(data);
      await append(roomId, unknown);
      await expect(say(roomId, '1', { messageId: unknown.entryId as never })).rejects.toMatchObject({
        code: 'conflict',
      });
      await expect(react({ roomId, messageId: unknown.entryId } as never, '👍')).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });
}
