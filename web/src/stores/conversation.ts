import type { MessageId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { ref } from 'vue';

/** What this tab is about to do with messages. */
export const useConversationStore = defineStore('conversation', () => {
  /** The message whose text is being edited. */
  const editing = ref<MessageId | null>(null);

  function edit(messageId: MessageId | null): void {
    editing.value = messageId;
  }

  function reset(): void {
    editing.value = null;
  }

  return { editing, edit, reset };
});
