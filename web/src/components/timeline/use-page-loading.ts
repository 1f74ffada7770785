import { ref, watch, type Ref } from 'vue';

/** Distance from the top at which older messages are loaded, before the reader gets there. */
const AHEAD_PX = 1_200;

export interface PageLoadingOptions {
  readonly more: () => boolean;
  /** Distance from the top in pixels; null before the initial scroll position is set. */
  readonly offset: () => number | null;
  readonly loadOlder: () => Promise<unknown>;
  /** Checked again when these change: a page may not fill the screen. */
  readonly rows: Readonly<Ref<readonly unknown[]>>;
}

/** Loads older messages as the reader comes near to the top, one page at a time. */
export function usePageLoading({ more, offset, loadOlder, rows }: PageLoadingOptions) {
  const loading = ref(false);
  /** The last load failed. It is not retried automatically, or each scroll would retry it while offline. */
  const failed = ref(false);

  async function load(): Promise<void> {
    if (loading.value || !more()) return;
    loading.value = true;
    failed.value = false;
    try {
      await loadOlder();
    } catch {
      failed.value = true;
    } finally {
      loading.value = false;
    }
    check();
  }

  function check(): void {
    const distance = offset();
    if (distance !== null && distance < AHEAD_PX && !failed.value) void load();
  }

  watch([rows, offset], check, { flush: 'post' });

  return { loading, failed, load };
}
