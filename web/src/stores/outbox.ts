import type { MessageId, RoomId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { computed, shallowReactive } from 'vue';
import type { UnsentMessage } from '../domain/outbox.ts';

/** One's own messages that the server has not acknowledged, in the order they were written. */
export const useOutboxStore = defineStore('outbox', () => {
  const byId = shallowReactive(new Map<MessageId, UnsentMessage>());

  const byRoom = computed(() => {
    const rooms = new Map<RoomId, UnsentMessage[]>();
    for (const message of byId.values()) {
      const room = rooms.get(message.roomId);
      if (room === undefined) rooms.set(message.roomId, [message]);
      else room.push(message);
    }
    return rooms;
  });
  const size = computed(() => byId.size);

  function reset(messages: readonly UnsentMessage[]): void {
    byId.clear();
    apply(messages, []);
  }

  /** A message that is known keeps its place; a new one stands last. */
  function apply(upserted: readonly UnsentMessage[], removed: readonly MessageId[]): void {
    for (const message of upserted) byId.set(message.messageId, message);
    for (const messageId of removed) byId.delete(messageId);
  }

  function inRoom(roomId: RoomId): readonly UnsentMessage[] {
    return byRoom.value.get(roomId) ?? [];
  }

  return { byRoom, size, reset, apply, inRoom };
});
