import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';

/** An address of the blob for as long as the component lives. */
export function useObjectUrl(blob: () => Blob | null): Readonly<Ref<string | undefined>> {
  const url = shallowRef<string>();
  const forget = (): void => {
    if (url.value !== undefined) URL.revokeObjectURL(url.value);
  };
  watch(
    blob,
    (now) => {
      forget();
      url.value = now === null ? undefined : URL.createObjectURL(now);
    },
    { immediate: true },
  );
  onScopeDispose(forget);
  return url;
}
