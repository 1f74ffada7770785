import { useDocumentVisibility } from '@vueuse/core';
import { onScopeDispose, watch, watchEffect } from 'vue';
import { useEngineStore } from '../stores/engine.ts';
import { usePresenceStore, type ShownPeople } from '../stores/presence.ts';

const NO_USERS: ShownPeople = { userIds: [], pushed: true };

/** Declares the users whose presence a part of the page shows, while that part is mounted. */
export function useShownPresence(people: () => ShownPeople): void {
  const presence = usePresenceStore();
  const part = Symbol('part of the page');
  watchEffect(() => presence.show(part, people()));
  onScopeDispose(() => presence.hide(part));
}

/** Sends the users whose presence is on the screen to the engine: none while the page is hidden. */
export function reportShownPresence(): void {
  const engine = useEngineStore();
  const presence = usePresenceStore();
  const visibility = useDocumentVisibility();
  watch(
    () => (visibility.value === 'visible' ? presence.shown : NO_USERS),
    (shown, before) => {
      if (isSame(shown, before ?? NO_USERS)) return;
      engine.request('watch_presence', shown).catch(() => undefined);
    },
    { immediate: true },
  );
}

function isSame(one: ShownPeople, other: ShownPeople): boolean {
  return one.pushed === other.pushed && one.userIds.join() === other.userIds.join();
}
