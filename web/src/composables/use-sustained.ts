import { useTimeoutFn } from '@vueuse/core';
import { readonly, ref, watch, type Ref } from 'vue';

/** True once the condition has held for `ms` milliseconds; false as soon as it no longer holds. */
export function useSustained(condition: () => boolean, ms: number): Readonly<Ref<boolean>> {
  const sustained = ref(false);
  const { start, stop } = useTimeoutFn(() => (sustained.value = true), ms, { immediate: false });

  watch(
    condition,
    (holds) => {
      if (holds) return start();
      stop();
      sustained.value = false;
    },
    { immediate: true },
  );
  return readonly(sustained);
}
