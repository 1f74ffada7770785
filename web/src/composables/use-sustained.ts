import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue';

/** True once a condition has held for so many milliseconds, until it does not. */
export function useSustained(condition: () => boolean, ms: number): Readonly<Ref<boolean>> {
  const lasts = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    lasts.value = false;
  }

  watch(condition, (holds) => (holds ? (timer = setTimeout(() => (lasts.value = true), ms)) : stop()), {
    immediate: true,
  });
  onScopeDispose(stop);
  return readonly(lasts);
}
