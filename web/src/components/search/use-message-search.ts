import type { LastMessage, RoomId, UserId } from '@parley/protocol';
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { errorText } from '../../api/error-text.ts';
import { isSearchable } from '../../domain/search-hits.ts';
import { useEngineStore } from '../../stores/engine.ts';

const PAUSE_MS = 250;
const PAGE = 20;

/** roomId, userId: restrict the search to a room or an author; null: no restriction. */
export interface SearchFilter {
  /** The text in the field. */
  readonly query: Ref<string>;
  readonly roomId: () => RoomId | null;
  readonly userId: () => UserId | null;
}

/** idle: no searchable text. offline: waits for a connection, and then searches. */
export type SearchState = 'idle' | 'searching' | 'found' | 'offline' | 'failed';

/** Searches messages while the user types, a page at a time; the answer to an older search is dropped. */
export function useMessageSearch({ query, roomId, userId }: SearchFilter) {
  const engine = useEngineStore();
  const messages = shallowRef<readonly LastMessage[]>([]);
  /** The text that found the messages; the field may have changed since. */
  const foundBy = ref('');
  const next = ref<string>();
  const state = ref<SearchState>('idle');
  const loading = ref(false);
  /** Why the last page could not be loaded. */
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
      // Earlier results stay until the answer arrives, so that the list does not flicker while the user types.
      if (state.value !== 'found' || messages.value.length === 0) state.value = 'searching';
      timer = setTimeout(() => void load(), pauseMs);
      return;
    }
    show([], undefined);
    state.value = searchable ? 'offline' : 'idle';
  }

  async function load(before?: string): Promise<void> {
    const ownTurn = (turn += 1);
    const text = words.value;
    const [room, author] = [roomId(), userId()];
    loading.value = true;
    error.value = '';
    try {
      const page = await engine.request('search_messages', {
        ...{ query: text, limit: PAGE },
        ...(room === null ? {} : { roomId: room }),
        ...(author === null ? {} : { userId: author }),
        ...(before === undefined ? {} : { before }),
      });
      if (ownTurn !== turn) return;
      foundBy.value = text;
      show(before === undefined ? page.messages : [...messages.value, ...page.messages], page.next);
      state.value = 'found';
    } catch (failure) {
      if (ownTurn !== turn) return;
      error.value = errorText(failure);
      if (before !== undefined) return;
      show([], undefined);
      state.value = online.value ? 'failed' : 'offline';
    } finally {
      if (ownTurn === turn) loading.value = false;
    }
  }

  /** Loads the next page, if there is one and none is being loaded. */
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
  // The panel was mounted again with a text, because it moved between beside and over the room.
  if (words.value !== '') restart(0);

  return { query, messages, foundBy, next, state, loading, error, loadMore, retry: () => restart(0) };
}
