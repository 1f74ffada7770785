import type { RoomId } from '@parley/protocol';
import { useEventListener } from '@vueuse/core';
import { onBeforeUnmount, ref, watch } from 'vue';
import { useDraftsStore } from '../../stores/drafts.ts';
import { useEngineStore } from '../../stores/engine.ts';

/** Longest time from a change to the request that saves it. */
const SAVE_MS = 120;

/**
 * A room's draft. It follows what other tabs type, and is saved shortly after each change, or at once by `save` when
 * the user leaves the text box.
 */
export function useDraft(roomId: RoomId) {
  const engine = useEngineStore();
  const drafts = useDraftsStore();
  const text = ref(drafts.textOf(roomId));
  /** The draft as the engine last sent it, or as this tab last sent it to the engine. */
  let saved = text.value;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let paused = false;
  /** Saves in progress. */
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
        // The engine merged this text with what other tabs wrote at the same time.
        ({ text: merged }) => saving === 1 && drafts.set(roomId, merged),
        // Fails only if the engine is gone; the text box still has the text.
        () => (saved = ''),
      )
      .finally(() => {
        saving -= 1;
        follow(drafts.textOf(roomId));
      });
  }

  /** Shows the engine's draft, unless this tab has unsaved text: that is saved first, and merged. */
  function follow(stored: string): void {
    if (paused || saving > 0 || text.value !== saved || stored === saved) return;
    saved = stored;
    text.value = stored;
  }

  /** Stops saving while the text is being sent: a later save would bring the sent text back. */
  function pause(): void {
    clearTimeout(timer);
    timer = undefined;
    paused = true;
  }

  /** @param known the engine's current draft */
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
