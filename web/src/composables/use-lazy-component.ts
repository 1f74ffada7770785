import { shallowRef, type Component } from 'vue';

/** A component that is loaded when it is first wanted: what opens it stands there until then, and is not drawn anew. */
export function useLazyComponent(load: () => Promise<{ readonly default: Component }>) {
  const component = shallowRef<Component | null>(null);

  async function want(): Promise<void> {
    component.value ??= (await load()).default;
  }

  return { component, want };
}
