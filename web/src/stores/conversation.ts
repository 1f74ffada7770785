import type { Message, MessageId, RoomId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { ref, shallowReactive } from 'vue';

/** What this tab is about to do with messages: answer one, change one. */
export const useConversationStore = defineStore('conversation', () => {
  const replies = shallowReactive(new Map<RoomId, Message>());
  /** The message whose text is being edited. */
  const editing = ref<MessageId | null>(null);

  /** null: what is written next answers nothing. */
  function replyTo(roomId: RoomId, message: Message | null): void {
    if (message === null) replies.delete(roomId);
    else replies.set(roomId, message);
  }

  function edit(messageId: MessageId | null): void {
    editing.value = messageId;
  }

  function reset(): void {
    replies.clear();
    editing.value = null;
  }

  return { replies, editing, replyTo, edit, reset };
});
