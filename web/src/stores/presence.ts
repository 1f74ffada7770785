import type { Presence, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { computed, shallowReactive } from 'vue';

/** People on the screen. `pushed`: of a room that is small enough for the server to tell of changes by itself. */
export interface ShownPeople {
  readonly userIds: readonly UserId[];
  readonly pushed: boolean;
}

/** Who is there, of those that anybody looks at. */
export const usePresenceStore = defineStore('presence', () => {
  const byId = shallowReactive(new Map<UserId, Presence>());
  /** By the part of the page that shows them. */
  const parts = shallowReactive(new Map<symbol, ShownPeople>());

  /** All whom this tab shows. */
  const shown = computed<ShownPeople>(() => {
    const all = [...parts.values()].filter(({ userIds }) => userIds.length > 0);
    return {
      userIds: [...new Set(all.flatMap(({ userIds }) => userIds))].sort(),
      pushed: all.every(({ pushed }) => pushed),
    };
  });

  /** @param replace of nobody else it is known */
  function apply({ replace, presence }: { replace: boolean; presence: readonly Presence[] }): void {
    if (replace) byId.clear();
    for (const each of presence) byId.set(each.userId, each);
  }

  function show(part: symbol, people: ShownPeople): void {
    parts.set(part, people);
  }

  function hide(part: symbol): void {
    parts.delete(part);
  }

  function reset(): void {
    byId.clear();
  }

  return { byId, shown, apply, show, hide, reset };
});
