import { computed, onScopeDispose, ref, watch, type Ref } from 'vue';

/** The order is updated once the pointer has rested this long. */
const REST_MS = 1_500;

/** Keeps the previous order of `keys`; new keys come first. */
export function inFormerOrder<K>(keys: readonly K[], former: readonly K[]): K[] {
  const wanted = new Set(keys);
  const known = new Set(former);
  return [...keys.filter((key) => !known.has(key)), ...former.filter((key) => wanted.has(key))];
}

/**
 * A list that keeps its order while a pointer moves over it, so that no row moves away from under a click.
 * Call `hold` when the pointer moves and `release` when it leaves.
 */
export function useSettledOrder<K, T>(items: Ref<readonly T[]>, keyOf: (item: T) => K) {
  const holding = ref(false);
  const order = ref<readonly K[]>([]) as Ref<readonly K[]>;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function hold(): void {
    holding.value = true;
    clearTimeout(timer);
    timer = setTimeout(release, REST_MS);
  }

  function release(): void {
    clearTimeout(timer);
    holding.value = false;
  }

  watch(
    [items, holding],
    () => {
      const keys = items.value.map(keyOf);
      order.value = holding.value ? inFormerOrder(keys, order.value) : keys;
    },
    { immediate: true, flush: 'sync' },
  );
  onScopeDispose(release);

  const settled = computed(() => {
    const byKey = new Map(items.value.map((item) => [keyOf(item), item]));
    return order.value.flatMap((key) => byKey.get(key) ?? []);
  });
  return { settled, hold, release };
}
