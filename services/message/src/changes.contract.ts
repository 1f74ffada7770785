import { ParleyError, type NewMessage } from '@parley/contracts';
import type { Message, MessageId, RoomEvent, RoomId, User, UserId } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMessageId, newRoomId, newUser } from './testing/people.ts';
import { openReplica, type Replica } from './testing/replica.ts';
import type { Store } from './testing/stores.ts';

const ada = newUser('Ada');
const bob = newUser('Bob');
const eve = newUser('Eve');

const codeOf = (error: unknown): string => (error instanceof ParleyError ? error.code : String(error));

/** Changes of messages over a real database: edits, deletions, reactions, replies and mentions. */
export function describeChanges(name: string, open: () => Promise<Store>): void {
  describe(`changes of messages over ${name}`, () => {
    let store: Store;
    let replica: Replica;
    let other: Replica;

    beforeAll(async () => {
      store = await open();
      [replica, other] = [openReplica(store), openReplica(store)];
      await store.people.addUsers(ada, bob, eve);
    });
    afterAll(() => store.close());

    const openRoom = async (...members: User[]): Promise<RoomId> => {
      const roomId = newRoomId();
      await store.people.addMembers(roomId, ...members);
      return roomId;
    };
    const sendTo = async (roomId: RoomId, message: NewMessage, through = replica): Promise<Message> => {
      const { results } = await through.api.appendMessages({ batches: [{ roomId, messages: [message] }] });
      const result = results[0]?.[0];
      if (!result || 'error' in result) throw ParleyError.fromWire(result?.error ?? neverAnswered);
      return result.message;
    };
    const say = (roomId: RoomId, text: string, more: Partial<NewMessage> = {}): Promise<Message> =>
      sendTo(roomId, { userId: ada.userId, messageId: newMessageId(), text, attachmentIds: [], ...more });
    const update = ({ roomId, messageId }: Message, text: string, user = ada, mentions?: readonly UserId[]) =>
      replica.api.updateMessage({ userId: user.userId, roomId, messageId, text, mentions });
    const remove = ({ roomId, messageId }: Message, user = ada) =>
      replica.api.deleteMessage({ userId: user.userId, roomId, messageId });
    const react = ({ roomId, messageId }: Message, emoji: string, on = true, user = ada) =>
      replica.api.setReaction({ userId: user.userId, roomId, messageId, emoji, on });
    const logOf = async (roomId: RoomId): Promise<RoomEvent[]> => [
      ...(await replica.api.getMissedEvents({ roomId, after: 0, limit: 200 })).events,
    ];
    const messagesOf = async (roomId: RoomId, user = ada): Promise<readonly Message[]> =>
      (await replica.api.getMessages({ userId: user.userId, roomId, limit: 100 })).messages;
    const names = (events: readonly RoomEvent[]) => events.map(({ event }) => event);
    const mentionsOf = async ({ userId }: User, roomId: RoomId, after = 0) =>
      (await replica.api.countMentions({ positions: [{ userId, roomId, seq: after }] })).counts[0];

    test('an edit is an entry of the log, changes the message where it stands, and is published', async () => {
      const roomId = await openRoom(ada, bob);
      const said = await say(roomId, 'Helo');
      const { message } = await update(said, 'Hello');
      expect(message).toEqual({ ...said, text: 'Hello', editedAt: message.editedAt });
      expect(message.editedAt).toBeGreaterThanOrEqual(said.createdAt);
      const log = await logOf(roomId);
      expect(log).toEqual([
        { event: 'message_created', roomId, seq: 1, data: { message, user: ada } },
        { event: 'message_updated', roomId, seq: 2, data: { message, user: ada } },
      ]);
      expect(replica.bus.broadcasts.at(-1)).toMatchObject({ header: { firstSeq: 2, lastSeq: 2 }, events: [log[1]] });
      expect(await messagesOf(roomId)).toEqual([message]);
      const { heads } = await replica.api.getHeads({ roomIds: [roomId] });
      expect(heads).toMatchObject([{ seq: 2, count: 1, messageSeq: 1 }]);
    });

    test('a deletion leaves the message’s place and nothing of what it said, in no entry', async () => {
      const roomId = await openRoom(ada, bob);
      const said = await say(roomId, 'SECRET', { mentions: [bob.userId] });
      await update(said, 'SECRET two', ada, [bob.userId]);
      await react(said, '👍', true, bob);
      const { message } = await remove(said);
      expect(message).toEqual({
        ...{ roomId, seq: 1, messageId: said.messageId, userId: ada.userId, createdAt: said.createdAt },
        ...{ text: '', attachments: [], reactions: [], deletedAt: message.deletedAt },
      });
      const log = await logOf(roomId);
      expect(names(log)).toEqual(['message_created', 'message_updated', 'reaction_changed', 'message_deleted']);
      expect(log[3]?.data).toEqual({
        ...{ messageId: said.messageId, messageSeq: 1, userId: ada.userId, deletedAt: message.deletedAt },
      });
      expect(log[2]?.data).toMatchObject({ reactions: [] });
      expect(JSON.stringify(log)).not.toContain('SECRET');
      expect(JSON.stringify(await store.repository.readEntries(roomId, { after: 0, limit: 9 }))).not.toContain(
        'SECRET',
      );
      expect(await mentionsOf(bob, roomId)).toBe(0);
      const { messages } = await replica.api.getLastMessages({ positions: [{ roomId, messageSeq: 1 }] });
      expect(messages).toEqual([message]);
    });

    test('what is so already makes no entry', async () => {
      const roomId = await openRoom(ada, bob);
      const said = await say(roomId, 'Hello');
      await update(said, 'Hello');
      await react(said, '👍', false);
      const edited = await update(said, 'Bye');
      expect(await update(said, 'Bye')).toEqual(edited);
      const reacted = await react(said, '👍');
      expect(await react(said, '👍')).toEqual(reacted);
      const deleted = await remove(said);
      expect(await remove(said)).toEqual(deleted);
      expect(names(await logOf(roomId))).toEqual([
        ...['message_created', 'message_updated', 'reaction_changed', 'message_deleted'],
      ]);
    });

    test('only the author edits and deletes; only members change anything; what is gone cannot be changed', async () => {
      const roomId = await openRoom(ada, bob);
      const said = await say(roomId, 'Hello');
      const gone = await say(roomId, 'Gone');
      await remove(gone);
      const missing = { ...said, messageId: newMessageId() };
      const foreign = { ...said, roomId: newRoomId() };
      const before = await logOf(roomId);
      const refused = await Promise.all(
        [
          ...[update(said, 'Bye', bob), remove(said, bob), remove(gone, bob)],
          ...[update(said, 'Bye', eve), remove(said, eve), react(said, '👍', true, eve), update(foreign, 'Bye')],
          ...[update(missing, 'Bye'), remove(missing), react(missing, '👍')],
          ...[update(gone, 'Bye'), react(gone, '👍')],
          ...[update(said, ' ')],
        ].map((attempt) => attempt.then(() => 'ok', codeOf)),
      );
      expect(refused).toEqual([
        ...['forbidden', 'forbidden', 'forbidden'],
        ...['not_member', 'not_member', 'not_member', 'not_member'],
        ...['not_found', 'not_found', 'not_found'],
        ...['not_found', 'not_found'],
        ...['invalid'],
      ]);
      expect(await logOf(roomId)).toEqual(before);
    });

    test('whoever was removed changes nothing any more', async () => {
      const roomId = await openRoom(ada, bob);
      const said = await say(roomId, 'Hello');
      await store.people.removeMember(roomId, ada);
      await expect(update(said, 'Bye')).rejects.toMatchObject({ code: 'not_member' });
      await expect(react(said, '👍')).rejects.toMatchObject({ code: 'not_member' });
    });

    test('a message that is sent again after an edit or a deletion is the same, as it is now', async () => {
      const roomId = await openRoom(ada, bob);
      const first = { userId: ada.userId, messageId: newMessageId(), text: 'Helo', attachmentIds: [] };
      const sent = { ...first, mentions: [bob.userId] };
      const said = await sendTo(roomId, sent);
      const { message } = await update(said, 'Hello');
      expect(await sendTo(roomId, sent)).toEqual(message);
      await expect(sendTo(roomId, { ...sent, text: 'Hello' })).rejects.toMatchObject({ code: 'conflict' });
      await expect(sendTo(roomId, first)).rejects.toMatchObject({ code: 'conflict' });
      const { message: deleted } = await remove(said);
      expect(await sendTo(roomId, sent, other)).toEqual(deleted);
      await expect(sendTo(roomId, { ...sent, text: '' })).rejects.toMatchObject({ code: 'invalid' });
      expect(names(await logOf(roomId))).toEqual(['message_created', 'message_updated', 'message_deleted']);
    });

    test('a message answers another of its room, and no other', async () => {
      const [roomId, elsewhere] = [await openRoom(ada), await openRoom(ada)];
      const said = await say(roomId, 'Question');
      const foreign = await say(elsewhere, 'Elsewhere');
      const answer = await say(roomId, 'Answer', { replyTo: said.messageId });
      expect(answer.replyTo).toBe(said.messageId);
      for (const replyTo of [foreign.messageId, newMessageId()]) {
        await expect(say(roomId, 'Answer', { replyTo })).rejects.toMatchObject({ code: 'not_found' });
      }
      await remove(said);
      await say(roomId, 'Still an answer', { replyTo: said.messageId });
      const messageIds: MessageId[] = [newMessageId(), newMessageId()];
      const batch = messageIds.map((messageId, index) => ({
        ...{ userId: ada.userId, messageId, text: `${index}`, attachmentIds: [] },
        ...(index === 0 ? {} : { replyTo: messageIds[0] }),
      }));
      const { results } = await replica.api.appendMessages({ batches: [{ roomId, messages: batch }] });
      expect(results[0]?.map((result) => 'message' in result)).toEqual([true, true]);
    });

    test('tells of mentions those who are members, once, until they have read them', async () => {
      const roomId = await openRoom(ada, bob);
      const mentions = [bob.userId, eve.userId, ada.userId, bob.userId];
      const said = await say(roomId, '@Bob @Eve @Ada', { mentions });
      expect(said.mentions).toEqual([bob.userId, eve.userId, ada.userId]);
      await say(roomId, '@Bob again', { mentions: [bob.userId] });
      expect(await Promise.all([bob, eve, ada].map((user) => mentionsOf(user, roomId)))).toEqual([2, 0, 0]);
      expect(await mentionsOf(bob, roomId, 1)).toBe(1);
      const positions = [ada, bob, eve].map(({ userId }) => ({ userId, roomId, seq: 1 }));
      for (let n = 0; n < 2; n++) expect(await replica.api.clearMentions({ positions })).toEqual({ counts: [0, 1, 0] });
      expect(await mentionsOf(bob, roomId)).toBe(1);
      const { userId } = bob;
      const unread = [newRoomId(), roomId, newRoomId()].map((one) => ({ userId, roomId: one, seq: 0 }));
      expect(await replica.api.countMentions({ positions: unread })).toEqual({ counts: [0, 1, 0] });
      expect(await replica.api.countMentions({ positions: [] })).toEqual({ counts: [] });
      expect(await replica.api.clearMentions({ positions: [] })).toEqual({ counts: [] });
    });

    test('of mentions in several rooms each is forgotten up to its own place, and nobody else’s', async () => {
      const [roomId, elsewhere] = [await openRoom(ada, bob, eve), await openRoom(ada, bob)];
      for (let n = 0; n < 2; n++) {
        await say(roomId, '@Bob @Eve', { mentions: [bob.userId, eve.userId] });
        await say(elsewhere, '@Bob', { mentions: [bob.userId] });
      }
      const positions = [
        { userId: bob.userId, roomId, seq: 2 },
        { userId: bob.userId, roomId: elsewhere, seq: 1 },
      ];
      expect(await replica.api.clearMentions({ positions })).toEqual({ counts: [0, 1] });
      expect(await Promise.all([roomId, elsewhere].map((one) => mentionsOf(bob, one)))).toEqual([0, 1]);
      expect(await mentionsOf(eve, roomId)).toBe(2);
    });

    test('an edit mentions others than before', async () => {
      const roomId = await openRoom(ada, bob, eve);
      const said = await say(roomId, '@Bob', { mentions: [bob.userId] });
      const { message } = await update(said, '@Eve', ada, [eve.userId]);
      expect(message.mentions).toEqual([eve.userId]);
      expect([await mentionsOf(bob, roomId), await mentionsOf(eve, roomId)]).toEqual([0, 1]);
      await update(said, '@Eve', ada, [bob.userId]);
      expect([await mentionsOf(bob, roomId), await mentionsOf(eve, roomId)]).toEqual([1, 0]);
      expect((await update(said, 'nobody')).message.mentions).toBeUndefined();
      expect(await mentionsOf(bob, roomId)).toBe(0);
    });

    test('reactions stand in the order of their first, with who and whether oneself', async () => {
      const roomId = await openRoom(ada, bob);
      const said = await say(roomId, 'Hello');
      await react(said, '👍', true, bob);
      await react(said, '🎉');
      const { message } = await react(said, '👍');
      expect(message.reactions).toEqual([
        { emoji: '👍', count: 2, userIds: [bob.userId, ada.userId], mine: true },
        { emoji: '🎉', count: 1, userIds: [ada.userId], mine: true },
      ]);
      const bobs = (await messagesOf(roomId, bob))[0]?.reactions.map(({ mine }) => mine);
      expect(bobs).toEqual([true, false]);
      await react(said, '👍', false);
      await react(said, '👍', false, bob);
      const page = await replica.api.getEvents({ userId: ada.userId, roomId, after: 0, limit: 200 });
      const left = [{ emoji: '🎉', count: 1, userIds: [ada.userId] }];
      expect(page.events[0]?.data).toMatchObject({ message: { reactions: [{ ...left[0], mine: true }] } });
      expect(page.events.at(-1)?.data).toEqual({
        ...{ messageId: said.messageId, messageSeq: 1, userId: bob.userId, emoji: '👍', on: false },
        reactions: [{ ...left[0], mine: true }],
      });
      const broadcasts = replica.bus.broadcasts.filter(({ header }) => header.roomId === roomId);
      expect(JSON.stringify(broadcasts)).not.toContain('mine');
      expect(JSON.stringify(await logOf(roomId))).not.toContain('mine');
    });

    test('a message has at most 20 different emoji', async () => {
      const roomId = await openRoom(ada, bob);
      const said = await say(roomId, 'Hello');
      const emoji = Array.from({ length: 21 }, (_, index) => String.fromCodePoint(0x1f600 + index));
      for (const one of emoji.slice(0, 20)) await react(said, one);
      await expect(react(said, emoji[20] ?? '')).rejects.toMatchObject({ code: 'too_large' });
      const { message } = await react(said, emoji[0] ?? '', true, bob);
      expect(message.reactions).toHaveLength(20);
      await react(said, emoji[1] ?? '', false);
      await react(said, emoji[20] ?? '');
    });

    test('however many react, the message names the first 50, and knows everybody’s own', async () => {
      const crowd = Array.from({ length: 60 }, (_, index) => newUser(`${index}`));
      const roomId = await openRoom(ada, ...crowd);
      await store.people.addUsers(...crowd);
      const said = await say(roomId, 'Hello');
      for (const user of crowd) await react(said, '👍', true, user);
      const [first, , , , , , , , , , , last] = [crowd[0], ...crowd.slice(-11)];
      if (!first || !last) throw new Error('There is a crowd.');
      const { message } = await react(said, '👍', true, last);
      const ids = crowd.map(({ userId }) => userId);
      expect(message.reactions).toEqual([{ emoji: '👍', count: 60, userIds: ids.slice(0, 50), mine: true }]);
      expect((await messagesOf(roomId))[0]?.reactions).toMatchObject([{ count: 60, mine: false }]);
      expect((await messagesOf(roomId, last))[0]?.reactions).toMatchObject([{ count: 60, mine: true }]);
      const without = await react(said, '👍', false, first);
      expect(without.message.reactions).toEqual([{ emoji: '👍', count: 59, userIds: ids.slice(1, 51), mine: false }]);
      await react(said, '👍', false, last);
      expect((await react(said, '👍', false, last)).message.reactions).toMatchObject([{ count: 58, mine: false }]);
      const taken = await Promise.all(crowd.slice(1, 21).map((user) => react(said, '👍', false, user)));
      expect(taken).toHaveLength(20);
      const [now] = await messagesOf(roomId);
      expect(now?.reactions).toEqual([{ emoji: '👍', count: 38, userIds: ids.slice(21, 59), mine: false }]);
      await remove(said);
      const [hidden] = await store.reactions.find(roomId, [
        { messageId: said.messageId, emoji: '👍', userId: ids[30] ?? ada.userId },
      ]);
      expect(hidden).toBeUndefined();
    });

    test('two replicas that change one message at once leave every change in the log, each once', async () => {
      const crowd = Array.from({ length: 20 }, (_, index) => newUser(`${index}`));
      const roomId = await openRoom(ada, ...crowd);
      const said = await say(roomId, 'Hello');
      const { messageId } = said;
      const both = [replica, other] as const;
      const work = crowd.flatMap(({ userId }, index) => {
        const { api } = index % 2 === 0 ? both[0] : both[1];
        return [
          api.setReaction({ userId, roomId, messageId, emoji: '👍', on: true }),
          api.appendMessages({
            batches: [
              { roomId, messages: [{ userId, messageId: newMessageId(), text: `${index}`, attachmentIds: [] }] },
            ],
          }),
          api.updateMessage({ userId: ada.userId, roomId, messageId, text: `Edit ${index}` }),
        ];
      });
      const outcomes = await Promise.allSettled(work);
      expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
      const log = await logOf(roomId);
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
      const count = (event: string) => names(log).filter((name) => name === event).length;
      expect([count('message_created'), count('reaction_changed'), count('message_updated')]).toEqual([21, 20, 20]);
      const [now] = await messagesOf(roomId);
      expect(now?.text).toMatch(/^Edit \d+$/);
      expect(new Set(now?.reactions[0]?.userIds)).toEqual(new Set(crowd.map(({ userId }) => userId)));
      expect(now?.reactions[0]?.count).toBe(20);
    });

    test('a change right behind its message finds it', async () => {
      const roomId = await openRoom(ada, bob);
      const messageId = newMessageId();
      const saying = say(roomId, 'Helo', { messageId });
      const changes = [
        replica.api.updateMessage({ userId: ada.userId, roomId, messageId, text: 'Hello' }),
        replica.api.setReaction({ userId: bob.userId, roomId, messageId, emoji: '👍', on: true }),
        replica.api.deleteMessage({ userId: ada.userId, roomId, messageId }),
        replica.api.deleteMessage({ userId: ada.userId, roomId, messageId }),
      ];
      await saying;
      const [updated, reacted, deleted, again] = await Promise.all(changes);
      expect([updated?.message.messageId, reacted?.message.messageId]).toEqual([messageId, messageId]);
      expect(deleted?.message.deletedAt).toBeGreaterThan(0);
      expect(again).toEqual(deleted);
      expect(names(await logOf(roomId))).toEqual([
        ...['message_created', 'message_updated', 'reaction_changed', 'message_deleted'],
      ]);
    });

    test('messages are found by their ids, in that order', async () => {
      const [roomId, elsewhere] = [await openRoom(ada), await openRoom(ada)];
      const [one, two, foreign] = [await say(roomId, '1'), await say(roomId, '2'), await say(elsewhere, '3')];
      await remove(one);
      const messageIds = [two.messageId, newMessageId(), foreign.messageId, one.messageId, two.messageId];
      const found = await replica.api.findMessages({ userId: ada.userId, roomId, messageIds });
      expect(found.messages.map(({ seq, text }) => [seq, text])).toEqual([
        [2, '2'],
        [1, ''],
      ]);
      expect(found.users).toEqual([ada]);
      await expect(replica.api.findMessages({ userId: bob.userId, roomId, messageIds })).rejects.toMatchObject({
        code: 'not_member',
      });
    });

    test('pages go up, down and to both sides of a place', async () => {
      const roomId = await openRoom(ada);
      const said: Message[] = [];
      for (const text of ['1', '2', '3', '4']) said.push(await say(roomId, text));
      if (said[0]) await update(said[0], 'edited');
      for (const text of ['5', '6']) await say(roomId, text);
      const page = async (place: object, limit = 100) => {
        const got = await replica.api.getMessages({ userId: ada.userId, roomId, limit, ...place });
        return [got.messages.map(({ seq }) => seq), got.more, got.moreAfter, got.head];
      };
      expect(await page({})).toEqual([[1, 2, 3, 4, 6, 7], false, false, 7]);
      expect(await page({}, 2)).toEqual([[6, 7], true, false, 7]);
      expect(await page({ before: 4 }, 2)).toEqual([[2, 3], true, true, 7]);
      expect(await page({ before: 0 })).toEqual([[], false, true, 7]);
      expect(await page({ after: 0 }, 2)).toEqual([[1, 2], false, true, 7]);
      expect(await page({ after: 3 }, 2)).toEqual([[4, 6], true, true, 7]);
      expect(await page({ after: 4 })).toEqual([[6, 7], true, false, 7]);
      expect(await page({ after: 7 })).toEqual([[], true, false, 7]);
      expect(await page({ after: 99 })).toEqual([[], true, false, 7]);
      expect(await page({ around: 4 }, 2)).toEqual([[3, 4], true, true, 7]);
      expect(await page({ around: 4 }, 3)).toEqual([[3, 4, 6], true, true, 7]);
      expect(await page({ around: 5 }, 4)).toEqual([[3, 4, 6, 7], true, false, 7]);
      expect(await page({ around: 1 }, 3)).toEqual([[1, 2, 3], false, true, 7]);
      expect(await page({ around: 99 }, 2)).toEqual([[6, 7], true, false, 7]);
      expect(await page({ around: 0 }, 1)).toEqual([[1], false, true, 7]);
      await expect(page({ before: 1, after: 1 })).rejects.toMatchObject({ code: 'invalid' });
    });
  });
}

const neverAnswered = { code: 'internal', message: 'There was no answer.', retryable: true } as const;
