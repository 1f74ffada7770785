import type { User, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { t } from '../i18n/i18n.ts';
import { useEngineStore } from './engine.ts';

/** All users that the engine has sent. */
export const useUsersStore = defineStore('users', () => {
  const byId = shallowReactive(new Map<UserId, User>());

  function add(users: readonly User[]): void {
    for (const user of users) {
      if (byId.get(user.userId)?.displayName !== user.displayName) byId.set(user.userId, user);
    }
  }

  /** The display name, or a readable substitute while it is not known. */
  function nameOf(userId: UserId): string {
    return byId.get(userId)?.displayName ?? t('person.unknownUser');
  }

  /** Users whose display name begins with the prefix. */
  function named(prefix: string): readonly User[] {
    const wanted = prefix.toLocaleLowerCase();
    return [...byId.values()].filter(({ displayName }) => displayName.toLocaleLowerCase().startsWith(wanted));
  }

  const engine = useEngineStore();
  engine.onSnapshot((snapshot) => add([snapshot.user, ...snapshot.users]));
  engine.onPatch('users', (patch) => add(patch.users));
  engine.onPatch('rooms', (patch) => add(patch.rooms.flatMap((room) => room.members)));
  engine.onDisconnect(() => byId.clear());

  return { byId, nameOf, named };
});
