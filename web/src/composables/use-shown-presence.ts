import { useDocumentVisibility } from '@vueuse/core';
import { onScopeDispose, watch, watchEffect } from 'vue';
import { useEngineStore } from '../stores/engine.ts';
import { usePresenceStore, type ShownPeople } from '../stores/presence.ts';

const NOBODY: ShownPeople = { userIds: [], pushed: true };

/** Says whose presence a part of the page shows, for as long as it is there. */
export function useShownPresence(people: () => ShownPeople): void {
  const presence = usePresenceStore();
  const part = Symbol('part of the page');
  watchEffect(() => presence.show(part, people()));
  onScopeDispose(() => presence.hide(part));
}

/** Tells the engine whose presence is on the screen: nobody's while the page is not. */
export function reportShownPresence(): void {
  const engine = useEngineStore();
  const presence = usePresenceStore();
  const visibility = useDocumentVisibility();
  watch(
    () => (visibility.value === 'visible' ? presence.shown : NOBODY),
    (shown, before) => {
      if (isSame(shown, before ?? NOBODY)) return;
      engine.request('watch_presence', shown).catch(() => undefined);
    },
    { immediate: true },
  );
}

function isSame(one: ShownPeople, other: ShownPeople): boolean {
  return one.pushed === other.pushed && one.userIds.join() === other.userIds.join();
}
