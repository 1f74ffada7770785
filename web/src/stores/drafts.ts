import type { RoomId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { Snapshot } from '../worker/messages.ts';

/** The drafts of all rooms as the engine keeps them; a room without one is missing. */
export const useDraftsStore = defineStore('drafts', () => {
  const byRoom = shallowReactive(new Map<RoomId, string>());

  function reset(drafts: Snapshot['drafts']): void {
    byRoom.clear();
    for (const { roomId, text } of drafts) set(roomId, text);
  }

  function set(roomId: RoomId, text: string): void {
    if (text === '') byRoom.delete(roomId);
    else byRoom.set(roomId, text);
  }

  function textOf(roomId: RoomId): string {
    return byRoom.get(roomId) ?? '';
  }

  return { byRoom, reset, set, textOf };
});
