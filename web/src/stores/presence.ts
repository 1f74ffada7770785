import type { Presence, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';

/** Who is there, of those that anybody looks at. */
export const usePresenceStore = defineStore('presence', () => {
  const byId = shallowReactive(new Map<UserId, Presence>());

  /** @param replace of nobody else it is known */
  function apply({ replace, presence }: { replace: boolean; presence: readonly Presence[] }): void {
    if (replace) byId.clear();
    for (const each of presence) byId.set(each.userId, each);
  }

  function reset(): void {
    byId.clear();
  }

  return { byId, apply, reset };
});
