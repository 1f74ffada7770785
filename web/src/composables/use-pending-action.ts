import { readonly, ref } from 'vue';
import { errorText } from '../api/error-text.ts';

/** Runs one asynchronous action at a time, and keeps the text of its failure. */
export function usePendingAction() {
  const pending = ref(false);
  const error = ref('');

  /** @returns whether the action succeeded; false also if another one is still running */
  async function run(action: () => Promise<void>): Promise<boolean> {
    if (pending.value) return false;
    pending.value = true;
    error.value = '';
    try {
      await action();
      return true;
    } catch (failure) {
      error.value = errorText(failure);
      return false;
    } finally {
      pending.value = false;
    }
  }

  return { pending: readonly(pending), error: readonly(error), run };
}
