import type { MessageId, RoomId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { computed, shallowReactive } from 'vue';
import type { UnsentMessage } from '../domain/outbox.ts';
import { useEngineStore } from './engine.ts';

/** The user's messages that the server has not acknowledged, in the order they were written. */
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

  /** A known message keeps its place; a new one comes last. */
  function apply(upserted: readonly UnsentMessage[], removed: readonly MessageId[]): void {
    for (const message of upserted) byId.set(message.messageId, message);
    for (const messageId of removed) byId.delete(messageId);
  }

  function inRoom(roomId: RoomId): readonly UnsentMessage[] {
    return byRoom.value.get(roomId) ?? [];
  }

  const engine = useEngineStore();
  engine.onSnapshot((snapshot) => reset(snapshot.unsent));
  engine.onPatch('unsent', (patch) => apply(patch.upserted, patch.removed));
  engine.onDisconnect(() => byId.clear());

  return { byRoom, size, inRoom };
});
