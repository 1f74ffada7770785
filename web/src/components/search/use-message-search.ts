import type { LastMessage, RoomId, UserId } from '@parley/protocol';
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { errorText } from '../../api/error-text.ts';
import { isSearchable } from '../../domain/search-hits.ts';
import { useEngineStore } from '../../stores/engine.ts';

const PAUSE_MS = 250;
const PAGE = 20;

/** What is searched for. roomId, userId: what narrows the search; null, nothing does. */
export interface SearchFilter {
  /** What is looked for, as it stands in the field. */
  readonly query: Ref<string>;
  readonly roomId: () => RoomId | null;
  readonly userId: () => UserId | null;
}

/** idle: nothing to look for. offline: it waits for a connection, and then goes on by itself. */
export type SearchState = 'idle' | 'searching' | 'found' | 'offline' | 'failed';

/** Finds messages as one types, a page at a time; the answer to an older question never takes a newer one's place. */
export function useMessageSearch({ query, roomId, userId }: SearchFilter) {
  const engine = useEngineStore();
  const messages = shallowRef<readonly LastMessage[]>([]);
  /** What the messages were found by: it may be another text already that stands in the field. */
  const foundBy = ref('');
  const next = ref<string>();
  const state = ref<SearchState>('idle');
  const loading = ref(false);
  /** Why the last page could not be had. */
  const error = ref('');
  const words = computed(() => query.value.trim());
  const online = computed(() => engine.connection.status === 'online');
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    turn += 1;
    loading.value = false;
  }

  function show(found: readonly LastMessage[], following: string | undefined): void {
    messages.value = found;
    next.value = following;
  }

  function restart(pauseMs: number): void {
    stop();
    error.value = '';
    const searchable = isSearchable(words.value);
    if (searchable && online.value) {
      // What was found before stays until the answer is there, so that the list does not flicker as one types.
      if (state.value !== 'found' || messages.value.length === 0) state.value = 'searching';
      timer = setTimeout(() => void load(), pauseMs);
      return;
    }
    show([], undefined);
    state.value = searchable ? 'offline' : 'idle';
  }

  async function load(before?: string): Promise<void> {
    const mine = (turn += 1);
    const asked = words.value;
    const [inRoom, by] = [roomId(), userId()];
    loading.value = true;
    error.value = '';
    try {
      const page = await engine.request('search_messages', {
        ...{ query: asked, limit: PAGE },
        ...(inRoom === null ? {} : { roomId: inRoom }),
        ...(by === null ? {} : { userId: by }),
        ...(before === undefined ? {} : { before }),
      });
      if (mine !== turn) return;
      foundBy.value = asked;
      show(before === undefined ? page.messages : [...messages.value, ...page.messages], page.next);
      state.value = 'found';
    } catch (failure) {
      if (mine !== turn) return;
      error.value = errorText(failure);
      if (before !== undefined) return;
      show([], undefined);
      state.value = online.value ? 'failed' : 'offline';
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  /** The next page, if there is one and none is on its way. */
  async function loadMore(): Promise<void> {
    if (state.value === 'found' && next.value !== undefined && !loading.value) await load(next.value);
  }

  watch([words, roomId, userId], () => restart(PAUSE_MS));
  watch(online, (isOnline) => {
    const waits = isOnline ? ['offline', 'failed'] : ['searching'];
    if (waits.includes(state.value)) restart(0);
    else if (isOnline && error.value !== '') void loadMore();
  });
  onScopeDispose(stop);
  // The field may have been somewhere else before: beside the room, or over it.
  if (words.value !== '') restart(0);

  return { query, messages, foundBy, next, state, loading, error, loadMore, retry: () => restart(0) };
}
