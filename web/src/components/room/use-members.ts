import type { Member, RoomSummary } from '@parley/protocol';
import { ref, shallowRef, watch } from 'vue';
import { usePendingAction } from '../../composables/use-pending-action.ts';
import { useEngineStore } from '../../stores/engine.ts';

/** A room's members, a page at a time; read again when a member joins or leaves, and over a new connection. */
export function useMembers(room: () => RoomSummary) {
  const engine = useEngineStore();
  const { pending, error, run } = usePendingAction();
  /** Until the first page is read, the members in the room's summary. */
  const members = shallowRef<readonly Member[]>(room().members);
  const next = ref<string>();
  /** A member joined or left while a page was being read. */
  let isStale = false;

  /** Reads from the start as many members as were read before. */
  async function readAgain(): Promise<void> {
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
      await run(readAgain);
    }
  }

  async function refresh(): Promise<void> {
    isStale = pending.value;
    await load(readAgain);
  }

  async function loadMore(): Promise<void> {
    const after = next.value;
    await load(after === undefined || error.value ? readAgain : () => readOn(after));
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
