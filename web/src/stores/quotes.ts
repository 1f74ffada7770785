import type { Message, MessageId, RoomId, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { changedMessage } from '../domain/message-changes.ts';
import type { MessageChange } from '../domain/message-changes.ts';

/** Asked for together: a page of history has many quotes. */
const PER_REQUEST = 100;

type Find = (roomId: RoomId, messageIds: readonly MessageId[]) => Promise<readonly Message[]>;

/** The messages that others answer, as they are now. */
export const useQuotesStore = defineStore('quotes', () => {
  /** null: there is no such message. */
  const byId = shallowReactive(new Map<MessageId, Message | null>());
  const wanted = new Map<RoomId, Set<MessageId>>();

  /** Has the message asked for, together with all that are wanted in this moment. @param find asks the server */
  function want(roomId: RoomId, messageId: MessageId, find: Find): void {
    if (byId.has(messageId)) return;
    const waiting = wanted.get(roomId);
    if (waiting) return void waiting.add(messageId);
    wanted.set(roomId, new Set([messageId]));
    setTimeout(() => void ask(roomId, find), 20);
  }

  async function ask(roomId: RoomId, find: Find): Promise<void> {
    const messageIds = [...(wanted.get(roomId) ?? [])];
    wanted.delete(roomId);
    for (let from = 0; from < messageIds.length; from += PER_REQUEST) {
      const asked = messageIds.slice(from, from + PER_REQUEST);
      try {
        const found = new Map((await find(roomId, asked)).map((message) => [message.messageId, message]));
        for (const messageId of asked) byId.set(messageId, found.get(messageId) ?? null);
      } catch {
        // Without a connection: it is wanted again when it is next drawn.
      }
    }
  }

  function know(message: Message): void {
    byId.set(message.messageId, message);
  }

  function change(changes: readonly MessageChange[], self: UserId): void {
    for (const change of changes) {
      const messageId = change.event === 'message_updated' ? change.data.message.messageId : change.data.messageId;
      const message = byId.get(messageId);
      if (message) byId.set(messageId, changedMessage(message, change, self));
    }
  }

  function reset(): void {
    byId.clear();
    wanted.clear();
  }

  return { byId, want, know, change, reset };
});
