import type { RoomId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { DraftImage } from '../domain/images.ts';
import type { Snapshot } from '../worker/messages.ts';

/** The drafts of all rooms as the engine keeps them; a room without one is missing. */
export const useDraftsStore = defineStore('drafts', () => {
  const byRoom = shallowReactive(new Map<RoomId, string>());
  const images = shallowReactive(new Map<RoomId, readonly DraftImage[]>());

  function reset(drafts: Snapshot['drafts']): void {
    byRoom.clear();
    images.clear();
    for (const draft of drafts) {
      set(draft.roomId, draft.text);
      setImages(draft.roomId, draft.images);
    }
  }

  function set(roomId: RoomId, text: string): void {
    if (text === '') byRoom.delete(roomId);
    else byRoom.set(roomId, text);
  }

  function setImages(roomId: RoomId, now: readonly DraftImage[]): void {
    if (now.length === 0) images.delete(roomId);
    else images.set(roomId, now);
  }

  function imagesOf(roomId: RoomId): readonly DraftImage[] {
    return images.get(roomId) ?? [];
  }

  function textOf(roomId: RoomId): string {
    return byRoom.get(roomId) ?? '';
  }

  return { byRoom, reset, set, textOf, setImages, imagesOf };
});
