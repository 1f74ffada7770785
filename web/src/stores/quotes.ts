import type { Message, MessageId, RoomId, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { changedMessage, type MessageChange } from '../domain/message-changes.ts';
import { useEngineStore } from './engine.ts';

/** Ids that one request asks for: a page of history has many quotes. */
const IDS_PER_REQUEST = 100;
/** Ids wanted within this time are requested together. */
const COLLECT_MS = 20;

/** The current state of messages that replies quote. */
export const useQuotesStore = defineStore('quotes', () => {
  /** null: the message does not exist. */
  const byId = shallowReactive(new Map<MessageId, Message | null>());
  const engine = useEngineStore();
  const wanted = new Map<RoomId, Set<MessageId>>();

  /** Requests a message, unless it is known. */
  function want(roomId: RoomId, messageId: MessageId): void {
    if (byId.has(messageId)) return;
    const waiting = wanted.get(roomId);
    if (waiting) return void waiting.add(messageId);
    wanted.set(roomId, new Set([messageId]));
    setTimeout(() => void find(roomId), COLLECT_MS);
  }

  async function find(roomId: RoomId): Promise<void> {
    const messageIds = [...(wanted.get(roomId) ?? [])];
    wanted.delete(roomId);
    for (let from = 0; from < messageIds.length; from += IDS_PER_REQUEST) {
      const asked = messageIds.slice(from, from + IDS_PER_REQUEST);
      try {
        const { messages } = await engine.request('find_messages', { roomId, messageIds: asked });
        const found = new Map(messages.map((message) => [message.messageId, message]));
        for (const messageId of asked) byId.set(messageId, found.get(messageId) ?? null);
      } catch {
        // No connection: the message is requested again when its quote is next rendered.
      }
    }
  }

  function know(message: Message): void {
    byId.set(message.messageId, message);
  }

  function change(changes: readonly MessageChange[], self: UserId | undefined): void {
    if (self === undefined) return;
    for (const change of changes) {
      const messageId = changedMessageId(change);
      const message = messageId && byId.get(messageId);
      if (message) byId.set(message.messageId, changedMessage(message, change, self));
    }
  }

  function reset(): void {
    byId.clear();
    wanted.clear();
  }

  engine.onPatch('message_changes', (patch) => change(patch.changes, engine.user?.userId));
  engine.onDisconnect(reset);

  return { byId, want, know };
});

/** undefined: a kind of change that this client does not know. */
function changedMessageId(change: MessageChange): MessageId | undefined {
  switch (change.event) {
    case 'message_updated':
      return change.data.message.messageId;
    case 'message_deleted':
    case 'reaction_changed':
      return change.data.messageId;
  }
}
