import type { RoomId, User } from '@parley/protocol';
import { computed, ref, shallowRef, watch } from 'vue';
import { fuzzyFind } from '../../domain/fuzzy.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useUsersStore } from '../../stores/users.ts';

const SHOWN_MAX = 50;
const PER_PAGE = 100;
/** Members of a larger room beyond these are not offered. */
const MEMBERS_MAX = 500;

/** The authors to filter by: the room's members, or all known users. */
export function useAuthors(roomId: () => RoomId | null) {
  const engine = useEngineStore();
  const users = useUsersStore();
  const query = ref('');
  const members = shallowRef<readonly User[]>([]);
  let turn = 0;

  const offered = computed((): readonly User[] => {
    const all = members.value.length > 0 ? members.value : [...users.byId.values()];
    if (query.value.trim() === '') return all.slice(0, SHOWN_MAX);
    const found = fuzzyFind(query.value, all, ({ displayName }) => displayName);
    return found.slice(0, SHOWN_MAX);
  });

  async function loadMembers(room: RoomId): Promise<void> {
    const ownTurn = (turn += 1);
    let after: string | undefined;
    const loaded: User[] = [];
    do {
      const position = after === undefined ? {} : { after };
      const page = await engine.request('get_members', { roomId: room, limit: PER_PAGE, ...position });
      if (ownTurn !== turn) return;
      loaded.push(...page.members);
      members.value = [...loaded];
      after = page.next;
    } while (after !== undefined && loaded.length < MEMBERS_MAX);
  }

  watch(
    roomId,
    (room) => {
      members.value = [];
      // If this fails, all known users are offered.
      if (room !== null) loadMembers(room).catch(() => undefined);
    },
    { immediate: true },
  );

  return { query, offered };
}
