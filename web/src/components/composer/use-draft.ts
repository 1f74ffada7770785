import type { RoomId } from '@parley/protocol';
import { useEventListener } from '@vueuse/core';
import { onBeforeUnmount, ref, watch } from 'vue';
import { useDraftsStore } from '../../stores/drafts.ts';
import { useEngineStore } from '../../stores/engine.ts';

/** So long after the last key, at most, what was typed is on its way to the engine. */
const SAVE_MS = 120;

/**
 * The text being written in a room. It follows what other tabs type there, and is saved shortly after each change, at
 * once when the reader turns away (`save`).
 */
export function useDraft(roomId: RoomId) {
  const engine = useEngineStore();
  const drafts = useDraftsStore();
  const text = ref(drafts.textOf(roomId));
  /** What the engine has, or was told. */
  let saved = text.value;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let paused = false;
  /** Saves that are under way. */
  let saving = 0;

  function save(): void {
    clearTimeout(timer);
    timer = undefined;
    if (paused || text.value === saved) return;
    const [base, written] = [saved, text.value];
    saved = written;
    drafts.set(roomId, written);
    saving += 1;
    engine
      .request('save_draft', { roomId, base, text: written })
      .then(
        // Others may have written at the same time: this is what it became.
        ({ text: merged }) => saving === 1 && drafts.set(roomId, merged),
        // The engine is in this browser: a refusal means that it is gone, and the text box still has the text.
        () => (saved = ''),
      )
      .finally(() => {
        saving -= 1;
        follow(drafts.textOf(roomId));
      });
  }

  /** Shows what the engine has, unless the text is being changed here: then that is saved first, and merged. */
  function follow(stored: string): void {
    if (paused || saving > 0 || text.value !== saved || stored === saved) return;
    saved = stored;
    text.value = stored;
  }

  /** Holds saving back while the text is being sent: a save that came after would bring the sent text back. */
  function pause(): void {
    clearTimeout(timer);
    timer = undefined;
    paused = true;
  }

  /** @param known what the engine has for a draft now */
  function resume(known: string): void {
    paused = false;
    saved = known;
    drafts.set(roomId, known);
    if (text.value === '' && known !== '') text.value = known;
    save();
  }

  watch(text, () => {
    if (!paused) timer ??= setTimeout(save, SAVE_MS);
  });
  watch(() => drafts.textOf(roomId), follow);
  useEventListener(window, 'pagehide', save);
  onBeforeUnmount(save);

  return { text, saved: () => saved, save, pause, resume };
}
