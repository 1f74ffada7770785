import type { User, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { t } from '../i18n/i18n.ts';

/** Everybody that the engine has told of. */
export const useUsersStore = defineStore('users', () => {
  const byId = shallowReactive(new Map<UserId, User>());

  function add(users: readonly User[]): void {
    for (const user of users) {
      if (byId.get(user.userId)?.displayName !== user.displayName) byId.set(user.userId, user);
    }
  }

  /** The person's display name; something readable while it is not known. */
  function nameOf(userId: UserId): string {
    return byId.get(userId)?.displayName ?? t('person.someone');
  }

  /** Those whose display name begins so. */
  function named(prefix: string): readonly User[] {
    const wanted = prefix.toLocaleLowerCase();
    return [...byId.values()].filter(({ displayName }) => displayName.toLocaleLowerCase().startsWith(wanted));
  }

  function reset(): void {
    byId.clear();
  }

  return { byId, add, nameOf, named, reset };
});
