import type { User } from '@parley/protocol';
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { searchUsers } from '../../api/accounts.ts';
import { useUsersStore } from '../../stores/users.ts';

const PAUSE_MS = 150;

/**
 * Finds users while the user types; without a connection, only known users. The answer to an older query never replaces
 * that to a newer query.
 */
export function usePeopleSearch() {
  const known = useUsersStore();
  const query = ref('');
  const found = shallowRef<readonly User[]>([]);
  const state = ref<'idle' | 'searching' | 'found' | 'failed'>('idle');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pendingSearch: AbortController | undefined;

  function stop(): void {
    clearTimeout(timer);
    pendingSearch?.abort();
  }

  async function search(text: string): Promise<void> {
    const { signal } = (pendingSearch = new AbortController());
    try {
      const users = await searchUsers(text, signal);
      if (signal.aborted) return;
      found.value = users;
      state.value = 'found';
    } catch {
      if (signal.aborted) return;
      found.value = known.named(text);
      state.value = found.value.length > 0 ? 'found' : 'failed';
    }
  }

  watch(query, (text) => {
    stop();
    const wanted = text.trim();
    if (wanted === '') {
      found.value = [];
      state.value = 'idle';
      return;
    }
    if (state.value !== 'found') state.value = 'searching';
    timer = setTimeout(() => void search(wanted), PAUSE_MS);
  });
  onScopeDispose(stop);

  return { query, found, state };
}
