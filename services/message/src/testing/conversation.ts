import { ParleyError, type NewMessage } from '@parley/contracts';
import type { Message, RoomEvent, RoomId, User, UserId } from '@parley/protocol';
import { afterAll, beforeAll } from 'vitest';
import { newMessageId, newRoomId, newUser } from './room-records.ts';
import { openReplica, type Replica } from './replica.ts';
import type { Store } from './stores.ts';

export const ada = newUser('Ada');
export const bob = newUser('Bob');
export const eve = newUser('Eve');

/** Two replicas of the message service over one database for the surrounding tests, with actions of three users. */
export function useConversation(open: () => Promise<Store>) {
  let store: Store;
  let replica: Replica;
  let other: Replica;

  beforeAll(async () => {
    store = await open();
    [replica, other] = [openReplica(store), openReplica(store)];
    await store.rooms.addUsers(ada, bob, eve);
  });
  afterAll(() => store.close());

  /** Throws the ParleyError with which the service refuses the message. */
  const sendTo = async (roomId: RoomId, message: NewMessage, through = replica): Promise<Message> => {
    const { results } = await through.api.appendMessages({ batches: [{ roomId, messages: [message] }] });
    const result = results[0]?.[0];
    if (!result || 'error' in result) throw ParleyError.fromWire(result?.error ?? neverAnswered);
    return result.message;
  };

  return {
    store: () => store,
    replica: () => replica,
    other: () => other,
    async openRoom(...members: User[]): Promise<RoomId> {
      const roomId = newRoomId();
      await store.rooms.addMembers(roomId, ...members);
      return roomId;
    },
    sendTo,
    say: (roomId: RoomId, text: string, more: Partial<NewMessage> = {}): Promise<Message> =>
      sendTo(roomId, { userId: ada.userId, messageId: newMessageId(), text, attachmentIds: [], ...more }),
    update: ({ roomId, messageId }: Message, text: string, user = ada, mentions?: readonly UserId[]) =>
      replica.api.updateMessage({ userId: user.userId, roomId, messageId, text, mentions }),
    remove: ({ roomId, messageId }: Message, user = ada) =>
      replica.api.deleteMessage({ userId: user.userId, roomId, messageId }),
    react: ({ roomId, messageId }: Message, emoji: string, on = true, user = ada) =>
      replica.api.setReaction({ userId: user.userId, roomId, messageId, emoji, on }),
    logOf: async (roomId: RoomId): Promise<RoomEvent[]> => [
      ...(await replica.api.getMissedEvents({ roomId, after: 0, limit: 200 })).events,
    ],
    messagesOf: async (roomId: RoomId, user = ada): Promise<readonly Message[]> =>
      (await replica.api.getMessages({ userId: user.userId, roomId, limit: 100 })).messages,
    mentionsOf: async ({ userId }: User, roomId: RoomId, after = 0) =>
      (await replica.api.countMentions({ positions: [{ userId, roomId, seq: after }] })).counts[0],
  };
}

const neverAnswered = { code: 'internal', message: 'There was no answer.', retryable: true } as const;
