import type { AppendResult, NewMessage } from '@parley/contracts';
import type { MessageId, RoomId, User } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMessageId, newRoomId, newUser } from './testing/room-records.ts';
import { openReplica, type Replica } from './testing/replica.ts';
import type { Store } from './testing/stores.ts';

const ada = newUser('Ada');
const bob = newUser('Bob');
const message = (text: string, user: User = ada, messageId: MessageId = newMessageId()): NewMessage => ({
  userId: user.userId,
  messageId,
  text,
  attachmentIds: [],
});
const seqsOrCodes = (results: readonly (readonly AppendResult[])[]) =>
  results.map((batch) => batch.map((result) => ('message' in result ? result.message.seq : result.error.code)));

/** The MessageApi over a real database: what its callers rely on. */
export function describeMessageApi(name: string, open: () => Promise<Store>): void {
  describe(`the message service over ${name}`, () => {
    let store: Store;
    let replica: Replica;

    beforeAll(async () => {
      store = await open();
      replica = openReplica(store);
      await store.rooms.addUsers(ada, bob);
    });
    afterAll(() => store.close());

    const openRoom = async (...members: User[]): Promise<RoomId> => {
      const roomId = newRoomId();
      await store.rooms.addMembers(roomId, ...members);
      return roomId;
    };
    const append = (roomId: RoomId, ...messages: NewMessage[]) =>
      replica.api.appendMessages({ batches: [{ roomId, messages }] });
    const fill = async (roomId: RoomId, count: number, text = 'x') => {
      const messages = Array.from({ length: count }, () => message(text));
      expect(seqsOrCodes((await append(roomId, ...messages)).results)).toEqual([messages.map((_, index) => index + 1)]);
    };

    test('stores the messages of several rooms and answers in the order of the request', async () => {
      const [one, two, foreign] = [await openRoom(ada), await openRoom(ada, bob), await openRoom()];
      const { results } = await replica.api.appendMessages({
        batches: [
          { roomId: one, messages: [message('1'), message('2')] },
          { roomId: foreign, messages: [message('1')] },
          { roomId: two, messages: [message('1', bob), message('1', newUser('Nobody')), message('2')] },
        ],
      });
      expect(seqsOrCodes(results)).toEqual([[1, 2], ['not_member'], [1, 'not_member', 2]]);
    });

    test('publishes each batch once, as the events that readers get later', async () => {
      const roomId = await openRoom(ada, bob);
      const before = replica.bus.broadcasts.length;
      await append(roomId, message('Hello'), message('Hi', bob));
      await replica.api.appendMemberships({
        roomId,
        entries: [{ entryId: 'left-1', event: 'member_left', userId: bob.userId, data: {} }],
      });
      const broadcasts = replica.bus.broadcasts.slice(before);
      const at: unknown = expect.any(Number);
      expect(broadcasts.map(({ channel, header }) => [channel, header])).toEqual([
        [`room:${roomId}`, { kind: 'events', roomId, firstSeq: 1, lastSeq: 2, at }],
        [`room:${roomId}`, { kind: 'events', roomId, firstSeq: 3, lastSeq: 3, at, members: true }],
      ]);
      const page = await replica.api.getEvents({ userId: ada.userId, roomId, after: 0, limit: 200 });
      expect(broadcasts.flatMap(({ events }) => events)).toEqual(page.events);
      expect(page.users).toEqual([ada, bob]);
      expect(page.head).toBe(3);
    });

    test('keeps who removed a member, who became owner and new names, and counts no message for them', async () => {
      const roomId = await openRoom(ada, bob);
      await append(roomId, message('Hello'));
      const { positions } = await replica.api.appendMemberships({
        roomId,
        entries: [
          { entryId: 'renamed-1', event: 'room_renamed', userId: ada.userId, data: { name: 'Tea' } },
          { entryId: 'renamed-2', event: 'room_renamed', userId: ada.userId, data: { name: null } },
          { entryId: 'left-1', event: 'member_left', userId: bob.userId, data: { removedBy: ada.userId } },
          { entryId: 'left-2', event: 'member_left', userId: ada.userId, data: { newOwnerId: bob.userId } },
        ],
      });
      expect(positions).toEqual([2, 3, 4, 5].map((seq) => ({ seq, count: 1 })));
      const { events } = await replica.api.getMissedEvents({ roomId, after: 1, limit: 200 });
      expect(events.map(({ event, data }) => [event, data])).toEqual([
        ['room_renamed', { userId: ada.userId, name: 'Tea' }],
        ['room_renamed', { userId: ada.userId, name: null }],
        ['member_left', { userId: bob.userId, removedBy: ada.userId }],
        ['member_left', { userId: ada.userId, newOwnerId: bob.userId }],
      ]);
    });

    test('returns the number of messages up to a seq, or up to the head for a later one', async () => {
      const roomId = await openRoom(ada, bob);
      await fill(roomId, 2);
      await replica.api.appendMemberships({
        roomId,
        entries: [{ entryId: 'left-1', event: 'member_left', userId: bob.userId, data: {} }],
      });
      const empty = newRoomId();
      const positions = [
        { roomId, seq: 3 },
        { roomId, seq: 1 },
        { roomId, seq: 0 },
        { roomId, seq: 99 },
        { roomId: empty, seq: 5 },
        { roomId, seq: 1 },
      ];
      expect((await replica.api.getPlaces({ positions })).places).toEqual([
        { roomId, seq: 3, count: 2 },
        { roomId, seq: 1, count: 1 },
        { roomId, seq: 0, count: 0 },
        { roomId, seq: 3, count: 2 },
        { roomId: empty, seq: 0, count: 0 },
        { roomId, seq: 1, count: 1 },
      ]);
      expect(await replica.api.getPlaces({ positions: [] })).toEqual({ places: [] });
    });

    test('acknowledges messages while the bus is down', async () => {
      const roomId = await openRoom(ada);
      replica.bus.available = false;
      const { results } = await append(roomId, message('Hello'));
      replica.bus.available = true;
      expect(seqsOrCodes(results)).toEqual([[1]]);
    });

    test('refuses a removed member’s next message, but not the retry of an earlier one', async () => {
      const roomId = await openRoom(ada, bob);
      const kept = message('Hello', bob);
      const [first] = (await append(roomId, kept)).results;
      await store.rooms.removeMember(roomId, bob);
      const [again] = (await append(roomId, kept, message('Still here?', bob))).results;
      expect(again?.[0]).toEqual(first?.[0]);
      expect(again?.[1]).toMatchObject({ error: { code: 'not_member', retryable: false } });
    });

    test('stores a change of membership once, however often it is announced', async () => {
      const roomId = await openRoom(ada, bob);
      await append(roomId, message('1'));
      const entries = [{ entryId: 'joined-bob', event: 'member_joined', userId: bob.userId }];
      expect(await replica.api.appendMemberships({ roomId, entries })).toEqual({ positions: [{ seq: 2, count: 1 }] });
      await append(roomId, message('2'));
      expect(await replica.api.appendMemberships({ roomId, entries })).toEqual({ positions: [{ seq: 2, count: 1 }] });
      const other = [{ entryId: 'joined-bob', event: 'member_left', userId: bob.userId }];
      await expect(replica.api.appendMemberships({ roomId, entries: other })).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    test('returns messages page by page, the newest first, each page ascending', async () => {
      const roomId = await openRoom(ada, bob);
      await fill(roomId, 5);
      await replica.api.appendMemberships({
        roomId,
        entries: [{ entryId: 'joined', event: 'member_joined', userId: bob.userId }],
      });
      const newest = await replica.api.getMessages({ userId: ada.userId, roomId, limit: 2 });
      expect([newest.messages.map(({ seq }) => seq), newest.head, newest.more]).toEqual([[4, 5], 6, true]);
      expect(newest.users).toEqual([ada]);
      const older = await replica.api.getMessages({ userId: ada.userId, roomId, before: 4, limit: 3 });
      expect([older.messages.map(({ seq }) => seq), older.more]).toEqual([[1, 2, 3], false]);
      const none = await replica.api.getMessages({ userId: ada.userId, roomId, before: 1, limit: 3 });
      expect(none).toEqual({ messages: [], users: [], head: 6, more: false, moreAfter: true });
    });

    test('ends pages at 256 KiB of JSON, and continues with the next page', async () => {
      const roomId = await openRoom(ada);
      await fill(roomId, 30, '€'.repeat(8_000));
      const page = await replica.api.getMessages({ userId: ada.userId, roomId, limit: 100 });
      expect(page.messages.map(({ seq }) => seq)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
      expect(page.more).toBe(true);
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(256 * 1_024);
      const events = await replica.api.getEvents({ userId: ada.userId, roomId, after: 3, limit: 200 });
      expect(events.events.map(({ seq }) => seq)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
      expect(events.head).toBe(30);
    });

    test('shows a room to its members only, and refuses unknown rooms with the same error', async () => {
      const roomId = await openRoom(ada);
      await fill(roomId, 1);
      const refusals = await Promise.all(
        [roomId, newRoomId()].flatMap((room) => [
          replica.api.getMessages({ userId: bob.userId, roomId: room, limit: 1 }).catch(String),
          replica.api.getEvents({ userId: bob.userId, roomId: room, after: 0, limit: 1 }).catch(String),
        ]),
      );
      expect(new Set(refusals)).toEqual(new Set(['ParleyError: You are not a member of this room.']));
      const missed = await replica.api.getMissedEvents({ roomId, after: 0, limit: 1 });
      expect(missed.events).toHaveLength(1);
    });

    test('returns one head for every room, in the order of the request', async () => {
      const [one, empty, two] = [await openRoom(ada), await openRoom(ada), await openRoom(ada)];
      await fill(one, 2);
      await fill(two, 1);
      const { heads } = await replica.api.getHeads({ roomIds: [two, empty, one, two] });
      expect(heads.map(({ roomId, seq, count, messageSeq }) => [roomId, seq, count, messageSeq])).toEqual([
        [two, 1, 1, 1],
        [empty, 0, 0, 0],
        [one, 2, 2, 2],
        [two, 1, 1, 1],
      ]);
      expect(heads.map(({ at }) => at > 0)).toEqual([true, false, true, true]);
    });

    test('returns the last messages of rooms, their texts cut at 200 units but not within a character', async () => {
      const [one, two, empty] = [await openRoom(ada), await openRoom(ada), await openRoom(ada)];
      await append(one, message(`${'x'.repeat(199)}👋`));
      await append(two, message('x'.repeat(200)));
      const { messages } = await replica.api.getLastMessages({
        positions: [two, empty, one].map((roomId) => ({ roomId, messageSeq: roomId === empty ? 0 : 1 })),
      });
      expect(messages.map(({ roomId, text, truncated }) => [roomId, text, truncated])).toEqual([
        [two, 'x'.repeat(200), undefined],
        [one, 'x'.repeat(199), true],
      ]);
    });

    test('stores messages that many users send at once in one order, each once', async () => {
      const roomId = await openRoom(ada, bob);
      const sent = Array.from({ length: 300 }, (_, index) => message(`${index}`, index % 2 ? ada : bob));
      const answers = await Promise.all([...sent, ...sent].map((one) => append(roomId, one)));
      const seqs = answers.map(({ results }) => seqsOrCodes(results)[0]?.[0]);
      expect(seqs.slice(300)).toEqual(seqs.slice(0, 300));
      expect(new Set(seqs)).toEqual(new Set(sent.map((_, index) => index + 1)));
    });

    test('stores accepted messages when it shuts down, and refuses later ones', async () => {
      const own = openReplica(store);
      const roomId = await openRoom(ada);
      const batches = [{ roomId, messages: [message('1')] }];
      const taken = own.api.appendMessages({ batches });
      await own.append.beforeApplicationShutdown();
      expect(seqsOrCodes((await taken).results)).toEqual([[1]]);
      expect(seqsOrCodes((await own.api.appendMessages({ batches })).results)).toEqual([['unavailable']]);
    });
  });
}
