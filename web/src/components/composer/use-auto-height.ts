import { nextTick, onMounted, watch, type Ref } from 'vue';

/** Makes a text box as high as its text, up to its CSS max-height; beyond that it scrolls. */
export function useAutoHeight(textarea: Readonly<Ref<HTMLTextAreaElement | null>>, text: Readonly<Ref<string>>): void {
  function fit(): void {
    const element = textarea.value;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }

  onMounted(fit);
  watch(text, () => void nextTick(fit), { flush: 'post' });
}
