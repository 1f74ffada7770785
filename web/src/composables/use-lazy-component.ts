import { shallowRef, type Component } from 'vue';

/** A component that is loaded on its first use; until then its opener is shown, and is not rendered again. */
export function useLazyComponent(load: () => Promise<{ readonly default: Component }>) {
  const component = shallowRef<Component | null>(null);

  async function want(): Promise<void> {
    component.value ??= (await load()).default;
  }

  return { component, want };
}
