import type { Message, MessageId, Reaction, RoomId, UserId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { changedMessage, isMine } from './message-changes.ts';

const [ada, bob] = ['ada' as UserId, 'bob' as UserId];
const roomId = 'room' as RoomId;
const message: Message = {
  ...{ roomId, seq: 1, messageId: 'm1' as MessageId, userId: bob, text: 'one', attachments: [] },
  ...{ createdAt: 1, reactions: [{ emoji: '👍', count: 60, userIds: [bob], mine: true }] },
};
const reacted = (userId: UserId, on: boolean, reactions: readonly Reaction[]) =>
  ({
    event: 'reaction_changed',
    ...{ roomId, seq: 2 },
    data: { messageId: message.messageId, messageSeq: 1, userId, emoji: '👍', on, reactions },
  }) as const;
const mine = (changed: Message) => changed.reactions.map((reaction) => isMine(reaction, ada));

describe("the user's own reaction", () => {
  test('stays marked if the entry names only the first users', () => {
    const many = [{ emoji: '👍', count: 61, userIds: [bob] }];
    expect(mine(changedMessage(message, reacted('eve' as UserId, true, many), ada))).toEqual([true]);
  });

  test("is marked by the user's own entry", () => {
    const many = [{ emoji: '👍', count: 59, userIds: [bob] }];
    expect(mine(changedMessage(message, reacted(ada, false, many), ada))).toEqual([false]);
    expect(mine(changedMessage({ ...message, reactions: [] }, reacted(ada, true, many), ada))).toEqual([true]);
  });

  test('is found by the names if there are few', () => {
    const few = [{ emoji: '👍', count: 2, userIds: [bob, ada] }];
    expect(mine(changedMessage({ ...message, reactions: [] }, reacted(bob, true, few), ada))).toEqual([true]);
  });
});
