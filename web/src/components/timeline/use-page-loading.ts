import { ref, watch, type Ref } from 'vue';

/** So near to the top, in pixels, older messages are asked for: before the reader gets there. */
const AHEAD_PX = 1_200;

export interface PageLoadingOptions {
  readonly more: () => boolean;
  /** How far the reader is from the top, in pixels; null before the timeline stands where it should. */
  readonly offset: () => number | null;
  readonly loadOlder: () => Promise<unknown>;
  /** Looked at again when these change: a page may not have filled the screen. */
  readonly rows: Readonly<Ref<readonly unknown[]>>;
}

/** Loads older messages as the reader comes near to the top, one page at a time. */
export function usePageLoading({ more, offset, loadOlder, rows }: PageLoadingOptions) {
  const loading = ref(false);
  /** The last try failed: not tried again by itself, so that a dead connection is not asked at each scroll. */
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
