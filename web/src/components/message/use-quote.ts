import type { MessageId, RoomId } from '@parley/protocol';
import { computed, watchEffect } from 'vue';
import { t } from '../../i18n/i18n.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useQuotesStore } from '../../stores/quotes.ts';
import { imagesText } from '../../format/shown-image.ts';

/** The current state of the message that another one replies to, requested if unknown. null: not a reply. */
export function useQuote(quoted: () => { readonly roomId: RoomId; readonly messageId: MessageId | null }) {
  const engine = useEngineStore();
  const quotes = useQuotesStore();
  const message = computed(() => {
    const { messageId } = quoted();
    return messageId === null ? undefined : quotes.byId.get(messageId);
  });
  const deleted = computed(() => message.value === null || message.value?.deletedAt !== undefined);
  const text = computed(() => {
    if (deleted.value) return t('message.quoteGone');
    return message.value?.text.slice(0, 200) || imagesText(message.value?.attachments.length ?? 0);
  });

  watchEffect(() => {
    const { roomId, messageId } = quoted();
    if (messageId === null || engine.connection.status !== 'online') return;
    quotes.want(roomId, messageId);
  });

  return { message, deleted, text };
}
