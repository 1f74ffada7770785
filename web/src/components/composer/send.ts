import { LIMITS, type RoomId } from '@parley/protocol';
import { computed, ref } from 'vue';
import { errorText } from '../../api/error-text.ts';
import { newMessageId } from '../../domain/ids.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useDraft } from './draft.ts';

/** Writing and sending in a room: the text box clears once the engine has stored the message. */
export function useComposer(roomId: RoomId) {
  const engine = useEngineStore();
  const draft = useDraft(roomId);
  const { text } = draft;
  const error = ref('');
  const limit = computed(() => engine.limits?.textLength ?? LIMITS.textLength);
  const excess = computed(() => Math.max(0, text.value.length - limit.value));
  /** What was sent and still stands at the beginning of the text box, until the engine has stored it. */
  const leaving: string[] = [];

  /** Sends what is written. What is typed meanwhile stays, and can be sent before the first is stored. */
  async function send(): Promise<void> {
    const before = leaving.join('');
    const written = text.value.startsWith(before) ? text.value.slice(before.length) : '';
    if (written.trim() === '' || written.length > limit.value) return;
    leaving.push(written);
    if (leaving.length === 1) await storeAll();
  }

  async function storeAll(): Promise<void> {
    const known = draft.saved();
    error.value = '';
    let remaining = '';
    draft.pause();
    try {
      for (let next = leaving[0]; next !== undefined; next = leaving[0]) {
        const message = { roomId, messageId: newMessageId(), text: next.trim() };
        ({ draft: remaining } = await engine.request('send_message', message));
        if (text.value.startsWith(next)) text.value = text.value.slice(next.length);
        leaving.shift();
      }
      draft.resume(remaining);
    } catch (failure) {
      leaving.length = 0;
      error.value = errorText(failure);
      draft.resume(known);
    }
  }

  return { text, error, excess, limit, save: draft.save, send };
}
