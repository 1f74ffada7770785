import { describe, expect, test } from 'vitest';
import { ada, bob, eve, useConversation } from '../testing/conversation.ts';
import { newRoomId } from '../testing/room-records.ts';
import type { Store } from '../testing/stores.ts';

/** Unread mentions over a real database. */
export function describeMentions(name: string, open: () => Promise<Store>): void {
  describe(`mentions over ${name}`, () => {
    const { replica, openRoom, say, update, mentionsOf } = useConversation(open);

    test('counts mentions for members, once per message, until they have read it', async () => {
      const roomId = await openRoom(ada, bob);
      const mentions = [bob.userId, eve.userId, ada.userId, bob.userId];
      const original = await say(roomId, '@Bob @Eve @Ada', { mentions });
      expect(original.mentions).toEqual([bob.userId, eve.userId, ada.userId]);
      await say(roomId, '@Bob again', { mentions: [bob.userId] });
      expect(await Promise.all([bob, eve, ada].map((user) => mentionsOf(user, roomId)))).toEqual([2, 0, 0]);
      expect(await mentionsOf(bob, roomId, 1)).toBe(1);
      const positions = [ada, bob, eve].map(({ userId }) => ({ userId, roomId, seq: 1 }));
      for (let n = 0; n < 2; n++)
        expect(await replica().api.clearMentions({ positions })).toEqual({ counts: [0, 1, 0] });
      expect(await mentionsOf(bob, roomId)).toBe(1);
      const { userId } = bob;
      const unread = [newRoomId(), roomId, newRoomId()].map((one) => ({ userId, roomId: one, seq: 0 }));
      expect(await replica().api.countMentions({ positions: unread })).toEqual({ counts: [0, 1, 0] });
      expect(await replica().api.countMentions({ positions: [] })).toEqual({ counts: [] });
      expect(await replica().api.clearMentions({ positions: [] })).toEqual({ counts: [] });
    });

    test('clears mentions of one user in several rooms, each up to its own seq', async () => {
      const [roomId, elsewhere] = [await openRoom(ada, bob, eve), await openRoom(ada, bob)];
      for (let n = 0; n < 2; n++) {
        await say(roomId, '@Bob @Eve', { mentions: [bob.userId, eve.userId] });
        await say(elsewhere, '@Bob', { mentions: [bob.userId] });
      }
      const positions = [
        { userId: bob.userId, roomId, seq: 2 },
        { userId: bob.userId, roomId: elsewhere, seq: 1 },
      ];
      expect(await replica().api.clearMentions({ positions })).toEqual({ counts: [0, 1] });
      expect(await Promise.all([roomId, elsewhere].map((one) => mentionsOf(bob, one)))).toEqual([0, 1]);
      expect(await mentionsOf(eve, roomId)).toBe(2);
    });

    test('counts the mentions of an edited message instead of the earlier ones', async () => {
      const roomId = await openRoom(ada, bob, eve);
      const original = await say(roomId, '@Bob', { mentions: [bob.userId] });
      const { message } = await update(original, '@Eve', ada, [eve.userId]);
      expect(message.mentions).toEqual([eve.userId]);
      expect([await mentionsOf(bob, roomId), await mentionsOf(eve, roomId)]).toEqual([0, 1]);
      await update(original, '@Eve', ada, [bob.userId]);
      expect([await mentionsOf(bob, roomId), await mentionsOf(eve, roomId)]).toEqual([1, 0]);
      expect((await update(original, 'nobody')).message.mentions).toBeUndefined();
      expect(await mentionsOf(bob, roomId)).toBe(0);
    });
  });
}
