import type { RoomSummary, User } from '@parley/protocol';
import { ref, shallowRef, watch } from 'vue';
import { usePendingAction } from '../../composables/pending-action.ts';
import { useEngineStore } from '../../stores/engine.ts';

/** A room's members, a page at a time; read anew when somebody comes or goes. */
export function useMembers(room: () => RoomSummary) {
  const engine = useEngineStore();
  const { pending, error, run } = usePendingAction();
  /** What the room's summary tells of them already stands in until the first page is there. */
  const members = shallowRef<readonly User[]>(room().members);
  const next = ref<string>();

  async function loadFirst(): Promise<void> {
    await run(async () => {
      const page = await engine.request('get_members', { roomId: room().roomId });
      members.value = page.members;
      next.value = page.next;
    });
  }

  async function loadMore(): Promise<void> {
    if (next.value === undefined) return loadFirst();
    const after = next.value;
    await run(async () => {
      const page = await engine.request('get_members', { roomId: room().roomId, after });
      const known = new Set(members.value.map((member) => member.userId));
      members.value = [...members.value, ...page.members.filter((member) => !known.has(member.userId))];
      next.value = page.next;
    });
  }

  watch(() => room().memberCount, loadFirst, { immediate: true });

  return { members, next, pending, error, loadMore };
}
