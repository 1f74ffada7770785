import { watch, type Ref } from 'vue';
import { caretAfter } from '../../domain/draft.ts';

/** Keeps the caret in place when another tab changes the text: the browser would move it to the end. */
export function useSteadyCaret(textarea: Readonly<Ref<HTMLTextAreaElement | null>>, text: Readonly<Ref<string>>): void {
  let restore: (() => void) | null = null;

  watch(text, (after) => {
    const element = textarea.value;
    // Text typed in this tab is in the text box already.
    if (element === null || element.value === after) return;
    const { value: before, selectionStart, selectionEnd, selectionDirection } = element;
    restore = () => {
      const [start, end] = [caretAfter(before, after, selectionStart), caretAfter(before, after, selectionEnd)];
      element.setSelectionRange(start, end, selectionDirection);
    };
  });
  watch(
    text,
    () => {
      restore?.();
      restore = null;
    },
    { flush: 'post' },
  );
}
