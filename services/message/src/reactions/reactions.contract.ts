import { describe, expect, test } from 'vitest';
import { ada, bob, useConversation } from '../testing/conversation.ts';
import { newUser } from '../testing/room-records.ts';
import type { Store } from '../testing/stores.ts';

/** Reactions to messages over a real database. */
export function describeReactions(name: string, open: () => Promise<Store>): void {
  describe(`reactions over ${name}`, () => {
    const { store, replica, openRoom, say, remove, react, logOf, messagesOf } = useConversation(open);

    test('reactions are in the order of their first, with their users and a mark for the reader’s own', async () => {
      const roomId = await openRoom(ada, bob);
      const original = await say(roomId, 'Hello');
      await react(original, '👍', true, bob);
      await react(original, '🎉');
      const { message } = await react(original, '👍');
      expect(message.reactions).toEqual([
        { emoji: '👍', count: 2, userIds: [bob.userId, ada.userId], mine: true },
        { emoji: '🎉', count: 1, userIds: [ada.userId], mine: true },
      ]);
      const bobs = (await messagesOf(roomId, bob))[0]?.reactions.map(({ mine }) => mine);
      expect(bobs).toEqual([true, false]);
      await react(original, '👍', false);
      await react(original, '👍', false, bob);
      const page = await replica().api.getEvents({ userId: ada.userId, roomId, after: 0, limit: 200 });
      const left = [{ emoji: '🎉', count: 1, userIds: [ada.userId] }];
      expect(page.events[0]?.data).toMatchObject({ message: { reactions: [{ ...left[0], mine: true }] } });
      expect(page.events.at(-1)?.data).toEqual({
        ...{ messageId: original.messageId, messageSeq: 1, userId: bob.userId, emoji: '👍', on: false },
        reactions: [{ ...left[0], mine: true }],
      });
      const broadcasts = replica().bus.broadcasts.filter(({ header }) => header.roomId === roomId);
      expect(JSON.stringify(broadcasts)).not.toContain('mine');
      expect(JSON.stringify(await logOf(roomId))).not.toContain('mine');
    });

    test('a message has at most 20 different emoji', async () => {
      const roomId = await openRoom(ada, bob);
      const original = await say(roomId, 'Hello');
      const emoji = Array.from({ length: 21 }, (_, index) => String.fromCodePoint(0x1f600 + index));
      for (const one of emoji.slice(0, 20)) await react(original, one);
      await expect(react(original, emoji[20] ?? '')).rejects.toMatchObject({ code: 'too_large' });
      const { message } = await react(original, emoji[0] ?? '', true, bob);
      expect(message.reactions).toHaveLength(20);
      await react(original, emoji[1] ?? '', false);
      await react(original, emoji[20] ?? '');
    });

    test('a message names the first 50 users of a reaction, and marks every reader’s own', async () => {
      const reactors = Array.from({ length: 60 }, (_, index) => newUser(`${index}`));
      const roomId = await openRoom(ada, ...reactors);
      await store().rooms.addUsers(...reactors);
      const original = await say(roomId, 'Hello');
      for (const user of reactors) await react(original, '👍', true, user);
      const [first, , , , , , , , , , , last] = [reactors[0], ...reactors.slice(-11)];
      if (!first || !last) throw new Error('There are no users.');
      const { message } = await react(original, '👍', true, last);
      const ids = reactors.map(({ userId }) => userId);
      expect(message.reactions).toEqual([{ emoji: '👍', count: 60, userIds: ids.slice(0, 50), mine: true }]);
      expect((await messagesOf(roomId))[0]?.reactions).toMatchObject([{ count: 60, mine: false }]);
      expect((await messagesOf(roomId, last))[0]?.reactions).toMatchObject([{ count: 60, mine: true }]);
      const without = await react(original, '👍', false, first);
      expect(without.message.reactions).toEqual([{ emoji: '👍', count: 59, userIds: ids.slice(1, 51), mine: false }]);
      await react(original, '👍', false, last);
      expect((await react(original, '👍', false, last)).message.reactions).toMatchObject([{ count: 58, mine: false }]);
      const taken = await Promise.all(reactors.slice(1, 21).map((user) => react(original, '👍', false, user)));
      expect(taken).toHaveLength(20);
      const [now] = await messagesOf(roomId);
      expect(now?.reactions).toEqual([{ emoji: '👍', count: 38, userIds: ids.slice(21, 59), mine: false }]);
      await remove(original);
      const [hidden] = await store().reactions.find(roomId, [
        { messageId: original.messageId, emoji: '👍', userId: ids[30] ?? ada.userId },
      ]);
      expect(hidden).toBeUndefined();
    });
  });
}
