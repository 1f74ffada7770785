import { watch, type Ref } from 'vue';
import { caretAfter } from '../../domain/draft.ts';

/** Keeps the caret between its words when the text is changed by another tab: the browser would put it at the end. */
export function useSteadyCaret(textarea: Readonly<Ref<HTMLTextAreaElement | null>>, text: Readonly<Ref<string>>): void {
  let restore: (() => void) | null = null;

  watch(text, (after) => {
    const element = textarea.value;
    // What is typed here stands in the text box already.
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
