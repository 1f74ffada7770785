import { onBeforeUnmount, onMounted, type Ref } from 'vue';

/** The composer on the screen, if there is one. */
let composer: HTMLTextAreaElement | null = null;

/** Makes a text box the one that focus comes back to, and focuses it at once. */
export function useComposerFocus(textarea: Readonly<Ref<HTMLTextAreaElement | null>>): void {
  onMounted(() => {
    composer = textarea.value;
    focusComposer();
  });
  onBeforeUnmount(() => {
    if (composer === textarea.value) composer = null;
  });
}

/** Focuses the composer; not where that would bring up an on-screen keyboard. */
export function focusComposer(): boolean {
  if (composer === null || window.matchMedia('(pointer: coarse)').matches) return false;
  composer.focus({ preventScroll: true });
  return true;
}

/** For a dialog that closes: focus goes to the composer, or where it was when there is none. */
export function returnFocusToComposer(event: Event): void {
  if (focusComposer()) event.preventDefault();
}
