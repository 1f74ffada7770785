import type { MessageId, RoomId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { computed, shallowReactive } from 'vue';
import type { DraftAttachment } from '../domain/draft-attachments.ts';
import type { Snapshot } from '../engine/protocol/messages.ts';
import { useEngineStore } from './engine.ts';

/** The drafts of all rooms as the engine keeps them; rooms without one have no entry. */
export const useDraftsStore = defineStore('drafts', () => {
  const texts = shallowReactive(new Map<RoomId, string>());
  const images = shallowReactive(new Map<RoomId, readonly DraftAttachment[]>());
  const replies = shallowReactive(new Map<RoomId, MessageId>());

  /** Rooms that have a draft. */
  const size = computed(() => new Set([...texts.keys(), ...images.keys()]).size);

  function reset(drafts: Snapshot['drafts']): void {
    texts.clear();
    images.clear();
    replies.clear();
    for (const draft of drafts) {
      set(draft.roomId, draft.text);
      setAttachments(draft.roomId, draft.images);
      setReply(draft.roomId, draft.replyTo);
    }
  }

  function set(roomId: RoomId, text: string): void {
    if (text === '') texts.delete(roomId);
    else texts.set(roomId, text);
  }

  function setAttachments(roomId: RoomId, now: readonly DraftAttachment[]): void {
    if (now.length === 0) images.delete(roomId);
    else images.set(roomId, now);
  }

  function setReply(roomId: RoomId, replyTo: MessageId | null): void {
    if (replyTo === null) replies.delete(roomId);
    else replies.set(roomId, replyTo);
  }

  function replyOf(roomId: RoomId): MessageId | null {
    return replies.get(roomId) ?? null;
  }

  function attachmentsOf(roomId: RoomId): readonly DraftAttachment[] {
    return images.get(roomId) ?? [];
  }

  function textOf(roomId: RoomId): string {
    return texts.get(roomId) ?? '';
  }

  const engine = useEngineStore();
  engine.onSnapshot((snapshot) => reset(snapshot.drafts));
  engine.onPatch('draft', (patch) => {
    // An echo of this tab's own text would overwrite what was typed since.
    if (patch.origin !== engine.tabId) set(patch.roomId, patch.text);
  });
  engine.onPatch('draft_images', (patch) => setAttachments(patch.roomId, patch.images));
  engine.onPatch('draft_reply', (patch) => setReply(patch.roomId, patch.replyTo));
  engine.onDisconnect(() => reset([]));

  return { size, set, textOf, attachmentsOf, setReply, replyOf };
});
