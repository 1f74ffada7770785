import type { Presence, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { computed, shallowReactive } from 'vue';
import { useEngineStore } from './engine.ts';

/** Users on the screen. `pushed`: they are in a room small enough for the server to push changes of presence. */
export interface ShownPeople {
  readonly userIds: readonly UserId[];
  readonly pushed: boolean;
}

/** The presence of the users that are on the screen. */
export const usePresenceStore = defineStore('presence', () => {
  const byId = shallowReactive(new Map<UserId, Presence>());
  /** By the part of the page that shows the users. */
  const parts = shallowReactive(new Map<symbol, ShownPeople>());

  /** All users that this tab shows. */
  const shown = computed<ShownPeople>(() => {
    const all = [...parts.values()].filter(({ userIds }) => userIds.length > 0);
    return {
      userIds: [...new Set(all.flatMap(({ userIds }) => userIds))].sort(),
      pushed: all.every(({ pushed }) => pushed),
    };
  });

  /** @param replace whether the presence of all other users is unknown from now on */
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

  const engine = useEngineStore();
  engine.onSnapshot((snapshot) => apply({ replace: true, presence: snapshot.presence }));
  engine.onPatch('presence', apply);
  engine.onDisconnect(() => byId.clear());

  return { byId, shown, show, hide };
});
