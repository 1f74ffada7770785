import type { Member, RoomSummary } from '@parley/protocol';
import { ref, shallowRef, watch } from 'vue';
import { usePendingAction } from '../../composables/use-pending-action.ts';
import { useEngineStore } from '../../stores/engine.ts';

/** A room's members, a page at a time; read anew when somebody comes or goes, and over a new connection. */
export function useMembers(room: () => RoomSummary) {
  const engine = useEngineStore();
  const { pending, error, run } = usePendingAction();
  /** What the room's summary tells of them already stands in until the first page is there. */
  const members = shallowRef<readonly Member[]>(room().members);
  const next = ref<string>();
  /** Somebody came or went while a page was being read. */
  let isStale = false;

  /** From the first one, as far as they were read before. */
  async function readAnew(): Promise<void> {
    const { roomId } = room();
    const wanted = members.value.length;
    let page = await engine.request('get_members', { roomId });
    const read = [...page.members];
    while (page.next !== undefined && read.length < wanted) {
      page = await engine.request('get_members', { roomId, after: page.next });
      read.push(...page.members);
    }
    members.value = read;
    next.value = page.next;
  }

  async function readOn(after: string): Promise<void> {
    const page = await engine.request('get_members', { roomId: room().roomId, after });
    const known = new Set(members.value.map((member) => member.userId));
    members.value = [...members.value, ...page.members.filter((member) => !known.has(member.userId))];
    next.value = page.next;
  }

  async function load(read: () => Promise<void>): Promise<void> {
    if (pending.value) return;
    await run(read);
    while (isStale && !error.value) {
      isStale = false;
      await run(readAnew);
    }
  }

  async function refresh(): Promise<void> {
    isStale = pending.value;
    await load(readAnew);
  }

  async function loadMore(): Promise<void> {
    const after = next.value;
    await load(after === undefined || error.value ? readAnew : () => readOn(after));
  }

  watch(
    [() => room().memberCount, () => engine.connection.status === 'online'],
    ([, online], [, wasOnline]) => {
      if (online || !wasOnline) void refresh();
    },
    { immediate: true },
  );

  return { members, next, pending, error, loadMore };
}
