import { onBeforeUnmount, onMounted, type Ref } from 'vue';

/** The text box of the composer on the screen. */
let composer: HTMLTextAreaElement | null = null;

/** Registers a text box as the one that focus returns to, and focuses it. */
export function useComposerFocus(textarea: Readonly<Ref<HTMLTextAreaElement | null>>): void {
  onMounted(() => {
    composer = textarea.value;
    focusComposer();
  });
  onBeforeUnmount(() => {
    if (composer === textarea.value) composer = null;
  });
}

/** Focuses the composer, except where that would open an on-screen keyboard. */
export function focusComposer(): boolean {
  if (composer === null || window.matchMedia('(pointer: coarse)').matches) return false;
  composer.focus({ preventScroll: true });
  return true;
}

/** For a closing dialog: moves focus to the composer; without one, focus returns to where it was. */
export function returnFocusToComposer(event: Event): void {
  if (focusComposer()) event.preventDefault();
}
