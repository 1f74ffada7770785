import type { NewMessage } from '@parley/contracts';
import type { MessageId, RoomId, User } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import { openReplica, type Replica } from '../testing/replica.ts';
import type { Store } from '../testing/stores.ts';

const ada = newUser('Ada');
const bob = newUser('Bob');

/** Search over a real database. */
export function describeSearch(name: string, open: () => Promise<Store>): void {
  describe(`search over ${name}`, () => {
    let store: Store;
    let replica: Replica;

    beforeAll(async () => {
      store = await open();
      replica = openReplica(store);
      await store.rooms.addUsers(ada, bob);
    });
    afterAll(async () => {
      await replica.indexer.beforeApplicationShutdown();
      await store.close();
    });

    const openRoom = async (...members: User[]): Promise<RoomId> => {
      const roomId = newRoomId();
      await store.rooms.addMembers(roomId, ...members);
      return roomId;
    };
    const write = async (roomId: RoomId, user: User, ...texts: string[]): Promise<MessageId[]> => {
      const messages = texts.map((text): NewMessage => ({
        userId: user.userId,
        messageId: newMessageId(),
        text,
        attachmentIds: [],
      }));
      await replica.api.appendMessages({ batches: [{ roomId, messages }] });
      return messages.map(({ messageId }) => messageId);
    };
    const say = async (roomId: RoomId, user: User, ...texts: string[]): Promise<MessageId[]> => {
      const messageIds = await write(roomId, user, ...texts);
      await replica.indexer.sweep();
      return messageIds;
    };
    const search = (query: string, more: object = {}, user = ada) =>
      replica.api.searchMessages({ userId: user.userId, query, limit: 50, ...more });
    const texts = async (query: string, more: object = {}, user = ada): Promise<string[]> =>
      (await search(query, more, user)).messages.map(({ text }) => text);

    test('takes ten distinct words in a query, and refuses eleven', async () => {
      const words = ['ant', 'bee', 'cat', 'dog', 'eel', 'fox', 'gnu', 'hen', 'ibis', 'jay'];
      await say(await openRoom(ada), ada, words.join(' '));
      expect(await texts([...words, ...words].join(' '))).toEqual([words.join(' ')]);
      await expect(search([...words, 'kiwi'].join(' '))).rejects.toMatchObject({
        code: 'invalid',
        message: 'Search for at most 10 words.',
      });
    });

    test('finds words in the user’s rooms, newest first, whatever their case and accents', async () => {
      const [one, two, foreign] = [await openRoom(ada), await openRoom(ada, bob), await openRoom(bob)];
      await say(one, ada, 'Zebra crossing', 'nothing here');
      await say(foreign, bob, 'zebra of others');
      await say(two, bob, 'Two ZÉBRAS');
      const found = await search('zebra');
      expect(found.messages.map(({ roomId, text }) => [roomId, text])).toEqual([
        [two, 'Two ZÉBRAS'],
        [one, 'Zebra crossing'],
      ]);
      expect(found.users).toEqual([bob, ada]);
      expect(found.next).toBeUndefined();
      expect(await texts('crossing zeb')).toEqual(['Zebra crossing']);
      expect(await texts('zebra giraffe')).toEqual([]);
    });

    test('finds Chinese and Arabic words', async () => {
      const roomId = await openRoom(ada);
      await say(roomId, ada, '明天下午在台北開會', 'قرأتُ الكتابَ أمس');
      expect(await texts('台北', { roomId })).toEqual(['明天下午在台北開會']);
      expect(await texts('開會', { roomId })).toEqual(['明天下午在台北開會']);
      expect(await texts('北台', { roomId })).toEqual([]);
      expect(await texts('كتاب', { roomId })).toEqual(['قرأتُ الكتابَ أمس']);
      expect(await texts('امس', { roomId })).toEqual(['قرأتُ الكتابَ أمس']);
    });

    test('restricts results to the requested room and author', async () => {
      const [one, two] = [await openRoom(ada, bob), await openRoom(ada, bob)];
      await say(one, ada, 'walrus of Ada');
      await say(one, bob, 'walrus of Bob');
      await say(two, bob, 'walrus elsewhere');
      expect(await texts('walrus', { roomId: one })).toEqual(['walrus of Bob', 'walrus of Ada']);
      expect(await texts('walrus', { author: bob.userId })).toEqual(['walrus elsewhere', 'walrus of Bob']);
      expect(await texts('walrus', { roomId: one, author: ada.userId })).toEqual(['walrus of Ada']);
    });

    test('finds nothing in rooms of which the user is no member, or no longer', async () => {
      const roomId = await openRoom(ada, bob);
      await say(roomId, ada, 'ocelot');
      expect(await texts('ocelot', {}, bob)).toEqual(['ocelot']);
      await store.rooms.removeMember(roomId, bob);
      expect(await texts('ocelot', {}, bob)).toEqual([]);
      await expect(search('ocelot', { roomId }, bob)).rejects.toMatchObject({ code: 'not_member' });
      await expect(search('ocelot', { roomId: newRoomId() }, bob)).rejects.toMatchObject({ code: 'not_member' });
      expect(await texts('ocelot', {}, newUser('Nobody'))).toEqual([]);
    });

    test('never finds a deleted message or an old text, even before the index is updated', async () => {
      const roomId = await openRoom(ada);
      const [edited, deleted] = await say(roomId, ada, 'lynx before', 'lynx deleted');
      const change = { userId: ada.userId, roomId };
      await replica.api.updateMessage({ ...change, messageId: edited, text: 'puma after' });
      await replica.api.deleteMessage({ ...change, messageId: deleted });
      expect(await texts('lynx')).toEqual([]);
      await replica.indexer.sweep();
      expect([await texts('lynx'), await texts('puma')]).toEqual([[], ['puma after']]);
      await replica.search.store([
        { roomId, seq: 2, userId: ada.userId, at: Date.now(), tokens: ['lynx', 'deleted'], version: 2 },
      ]);
      const places = await replica.search.find({ roomIds: [roomId], prefixes: ['lynx'], limit: 9 });
      expect(places).toEqual([]);
    });

    test('pages through many messages, some of them deleted', async () => {
      const roomId = await openRoom(ada);
      const ids = await say(roomId, ada, ...Array.from({ length: 130 }, (_, index) => `tapir ${index}`));
      for (const messageId of ids.slice(20, 25)) {
        await replica.api.deleteMessage({ userId: ada.userId, roomId, messageId });
      }
      const found: string[] = [];
      let before: string | undefined;
      let pages = 0;
      do {
        const page = await search('tapir', { limit: 25, ...(before === undefined ? {} : { before }) });
        found.push(...page.messages.map(({ text }) => text));
        before = page.next;
        pages += 1;
      } while (before !== undefined);
      const expected = ids.map((_, index) => `tapir ${index}`).filter((_, index) => index < 20 || index >= 25);
      expect(found).toEqual(expected.reverse());
      expect(pages).toBeLessThanOrEqual(6);
    });

    test('cuts long texts around the hit', async () => {
      const roomId = await openRoom(ada);
      await say(roomId, ada, `${'x '.repeat(500)}okapi${' y'.repeat(500)}`);
      const { messages } = await search('okapi', { roomId });
      expect(messages[0]).toMatchObject({ truncated: true, seq: 1 });
      expect(messages[0]?.text).toContain('okapi');
      expect(messages[0]?.text.length).toBeLessThanOrEqual(200);
    });

    test('refuses a query without words', async () => {
      for (const request of [{ before: 'x' }, { before: `1_1_` }, { limit: 0 }, { limit: 51 }]) {
        await expect(search('word', request)).rejects.toMatchObject({ code: 'invalid' });
      }
      for (const query of ['', ' ', '.*', '👍', 'x'.repeat(201)]) {
        await expect(search(query)).rejects.toMatchObject({ code: 'invalid' });
      }
      expect(await texts('x'.repeat(200))).toEqual([]);
    });

    test('treats the characters of patterns as text', async () => {
      const roomId = await openRoom(ada);
      await say(roomId, ada, 'plain');
      expect(await texts('p.*n', { roomId })).toEqual([]);
      expect(await texts('^plain$ "', { roomId })).toEqual(['plain']);
      expect(await texts('plain" OR "x', { roomId })).toEqual([]);
    });

    test('indexes new messages by itself', async () => {
      const roomId = await openRoom(ada);
      await write(roomId, ada, 'numbat');
      await expect.poll(() => texts('numbat', { roomId })).toEqual(['numbat']);
    });
  });
}
