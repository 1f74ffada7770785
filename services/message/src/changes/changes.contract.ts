import { ParleyError } from '@parley/contracts';
import type { Message, MessageId, RoomEvent } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { ada, bob, eve, useConversation } from '../testing/conversation.ts';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import type { Store } from '../testing/stores.ts';

const codeOf = (error: unknown): string => (error instanceof ParleyError ? error.code : String(error));
const names = (events: readonly RoomEvent[]) => events.map(({ event }) => event);

/** Changes of messages over a real database: edits, deletions and replies, and pages that show them. */
export function describeChanges(name: string, open: () => Promise<Store>): void {
  describe(`changes of messages over ${name}`, () => {
    const { store, replica, other, openRoom, sendTo, say, update, remove, react, logOf, messagesOf, mentionsOf } =
      useConversation(open);

    test('an edit appends an entry, changes the message at its seq, and is published', async () => {
      const roomId = await openRoom(ada, bob);
      const original = await say(roomId, 'Helo');
      const { message } = await update(original, 'Hello');
      expect(message).toEqual({ ...original, text: 'Hello', editedAt: message.editedAt });
      expect(message.editedAt).toBeGreaterThanOrEqual(original.createdAt);
      const log = await logOf(roomId);
      expect(log).toEqual([
        { event: 'message_created', roomId, seq: 1, data: { message, user: ada } },
        { event: 'message_updated', roomId, seq: 2, data: { message, user: ada } },
      ]);
      expect(replica().bus.broadcasts.at(-1)).toMatchObject({ header: { firstSeq: 2, lastSeq: 2 }, events: [log[1]] });
      expect(await messagesOf(roomId)).toEqual([message]);
      const { heads } = await replica().api.getHeads({ roomIds: [roomId] });
      expect(heads).toMatchObject([{ seq: 2, count: 1, messageSeq: 1 }]);
    });

    test('a deletion keeps the message’s seq and leaves its content in no entry', async () => {
      const roomId = await openRoom(ada, bob);
      const original = await say(roomId, 'SECRET', { mentions: [bob.userId] });
      await update(original, 'SECRET two', ada, [bob.userId]);
      await react(original, '👍', true, bob);
      const { message } = await remove(original);
      expect(message).toEqual({
        ...{ roomId, seq: 1, messageId: original.messageId, userId: ada.userId, createdAt: original.createdAt },
        ...{ text: '', attachments: [], reactions: [], deletedAt: message.deletedAt },
      });
      const log = await logOf(roomId);
      expect(names(log)).toEqual(['message_created', 'message_updated', 'reaction_changed', 'message_deleted']);
      expect(log[3]?.data).toEqual({
        ...{ messageId: original.messageId, messageSeq: 1, userId: ada.userId, deletedAt: message.deletedAt },
      });
      expect(log[2]?.data).toMatchObject({ reactions: [] });
      expect(JSON.stringify(log)).not.toContain('SECRET');
      expect(JSON.stringify(await store().log.readEntries(roomId, { after: 0, limit: 9 }))).not.toContain('SECRET');
      expect(await mentionsOf(bob, roomId)).toBe(0);
      const { messages } = await replica().api.getLastMessages({ positions: [{ roomId, messageSeq: 1 }] });
      expect(messages).toEqual([message]);
    });

    test('a change that changes nothing appends no entry', async () => {
      const roomId = await openRoom(ada, bob);
      const original = await say(roomId, 'Hello');
      await update(original, 'Hello');
      await react(original, '👍', false);
      const edited = await update(original, 'Bye');
      expect(await update(original, 'Bye')).toEqual(edited);
      const reacted = await react(original, '👍');
      expect(await react(original, '👍')).toEqual(reacted);
      const deleted = await remove(original);
      expect(await remove(original)).toEqual(deleted);
      expect(names(await logOf(roomId))).toEqual([
        ...['message_created', 'message_updated', 'reaction_changed', 'message_deleted'],
      ]);
    });

    test('only the author edits and deletes, only members change anything, and deleted messages do not change', async () => {
      const roomId = await openRoom(ada, bob);
      const original = await say(roomId, 'Hello');
      const gone = await say(roomId, 'Gone');
      await remove(gone);
      const missing = { ...original, messageId: newMessageId() };
      const foreign = { ...original, roomId: newRoomId() };
      const before = await logOf(roomId);
      const refused = await Promise.all(
        [
          ...[update(original, 'Bye', bob), remove(original, bob), remove(gone, bob)],
          ...[
            update(original, 'Bye', eve),
            remove(original, eve),
            react(original, '👍', true, eve),
            update(foreign, 'Bye'),
          ],
          ...[update(missing, 'Bye'), remove(missing), react(missing, '👍')],
          ...[update(gone, 'Bye'), react(gone, '👍')],
          ...[update(original, ' ')],
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

    test('a removed member cannot change a message', async () => {
      const roomId = await openRoom(ada, bob);
      const original = await say(roomId, 'Hello');
      await store().rooms.removeMember(roomId, ada);
      await expect(update(original, 'Bye')).rejects.toMatchObject({ code: 'not_member' });
      await expect(react(original, '👍')).rejects.toMatchObject({ code: 'not_member' });
    });

    test('a retry after an edit or a deletion is acknowledged with the message as it is now', async () => {
      const roomId = await openRoom(ada, bob);
      const first = { userId: ada.userId, messageId: newMessageId(), text: 'Helo', attachmentIds: [] };
      const sent = { ...first, mentions: [bob.userId] };
      const original = await sendTo(roomId, sent);
      const { message } = await update(original, 'Hello');
      expect(await sendTo(roomId, sent)).toEqual(message);
      await expect(sendTo(roomId, { ...sent, text: 'Hello' })).rejects.toMatchObject({ code: 'conflict' });
      await expect(sendTo(roomId, first)).rejects.toMatchObject({ code: 'conflict' });
      const { message: deleted } = await remove(original);
      expect(await sendTo(roomId, sent, other())).toEqual(deleted);
      await expect(sendTo(roomId, { ...sent, text: '' })).rejects.toMatchObject({ code: 'invalid' });
      expect(names(await logOf(roomId))).toEqual(['message_created', 'message_updated', 'message_deleted']);
    });

    test('a message can reply to a message of its room only', async () => {
      const [roomId, elsewhere] = [await openRoom(ada), await openRoom(ada)];
      const original = await say(roomId, 'Question');
      const foreign = await say(elsewhere, 'Elsewhere');
      const answer = await say(roomId, 'Answer', { replyTo: original.messageId });
      expect(answer.replyTo).toBe(original.messageId);
      for (const replyTo of [foreign.messageId, newMessageId()]) {
        await expect(say(roomId, 'Answer', { replyTo })).rejects.toMatchObject({ code: 'not_found' });
      }
      await remove(original);
      await say(roomId, 'Still an answer', { replyTo: original.messageId });
      const messageIds: MessageId[] = [newMessageId(), newMessageId()];
      const batch = messageIds.map((messageId, index) => ({
        ...{ userId: ada.userId, messageId, text: `${index}`, attachmentIds: [] },
        ...(index === 0 ? {} : { replyTo: messageIds[0] }),
      }));
      const { results } = await replica().api.appendMessages({ batches: [{ roomId, messages: batch }] });
      expect(results[0]?.map((result) => 'message' in result)).toEqual([true, true]);
    });

    test('two replicas that change one message at once leave every change in the log once', async () => {
      const reactors = Array.from({ length: 20 }, (_, index) => newUser(`${index}`));
      const roomId = await openRoom(ada, ...reactors);
      const original = await say(roomId, 'Hello');
      const { messageId } = original;
      const both = [replica(), other()] as const;
      const work = reactors.flatMap(({ userId }, index) => {
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
      expect(new Set(now?.reactions[0]?.userIds)).toEqual(new Set(reactors.map(({ userId }) => userId)));
      expect(now?.reactions[0]?.count).toBe(20);
    });

    test('a change sent directly after its message is applied', async () => {
      const roomId = await openRoom(ada, bob);
      const messageId = newMessageId();
      const saying = say(roomId, 'Helo', { messageId });
      const changes = [
        replica().api.updateMessage({ userId: ada.userId, roomId, messageId, text: 'Hello' }),
        replica().api.setReaction({ userId: bob.userId, roomId, messageId, emoji: '👍', on: true }),
        replica().api.deleteMessage({ userId: ada.userId, roomId, messageId }),
        replica().api.deleteMessage({ userId: ada.userId, roomId, messageId }),
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

    test('messages are found by their ids, in the order of the request', async () => {
      const [roomId, elsewhere] = [await openRoom(ada), await openRoom(ada)];
      const [one, two, foreign] = [await say(roomId, '1'), await say(roomId, '2'), await say(elsewhere, '3')];
      await remove(one);
      const messageIds = [two.messageId, newMessageId(), foreign.messageId, one.messageId, two.messageId];
      const found = await replica().api.findMessages({ userId: ada.userId, roomId, messageIds });
      expect(found.messages.map(({ seq, text }) => [seq, text])).toEqual([
        [2, '2'],
        [1, ''],
      ]);
      expect(found.users).toEqual([ada]);
      await expect(replica().api.findMessages({ userId: bob.userId, roomId, messageIds })).rejects.toMatchObject({
        code: 'not_member',
      });
    });

    test('pages go up, down and to both sides of a seq', async () => {
      const roomId = await openRoom(ada);
      const sent: Message[] = [];
      for (const text of ['1', '2', '3', '4']) sent.push(await say(roomId, text));
      if (sent[0]) await update(sent[0], 'edited');
      for (const text of ['5', '6']) await say(roomId, text);
      const page = async (place: object, limit = 100) => {
        const got = await replica().api.getMessages({ userId: ada.userId, roomId, limit, ...place });
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
