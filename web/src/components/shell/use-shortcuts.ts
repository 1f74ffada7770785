import { useEventListener } from '@vueuse/core';
import { onBeforeUnmount } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useRoomsStore } from '../../stores/rooms.ts';
import { openedSearch, openSearch } from '../search/open-search.ts';
import { overlay } from './overlay.ts';

/** The keys that work anywhere in the chat. */
export function useShortcuts(): void {
  const rooms = useRoomsStore();
  const route = useRoute();
  const router = useRouter();

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && !event.altKey && !event.shiftKey && letterOf(event) === 'k') {
      event.preventDefault();
      overlay.value = overlay.value === 'switcher' ? null : 'switcher';
    } else if (command && !event.altKey && event.shiftKey && letterOf(event) === 'f') {
      event.preventDefault();
      overlay.value = null;
      openSearch(route.params['roomId'] === undefined ? 'everywhere' : 'room');
    } else if (event.key === '?' && !command && !event.altKey && !isWriting(event.target)) {
      event.preventDefault();
      overlay.value = 'shortcuts';
    } else if (event.altKey && !command && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      void step(event.key === 'ArrowUp' ? -1 : 1);
    }
  }

  /** To the room above or below in the list; from none to the first. */
  async function step(by: number): Promise<void> {
    const index = rooms.sorted.findIndex(({ roomId }) => roomId === route.params['roomId']);
    const next = rooms.sorted[index < 0 ? 0 : index + by];
    if (next !== undefined) await router.push(`/rooms/${next.roomId}`);
  }

  useEventListener(window, 'keydown', onKey);
  onBeforeUnmount(() => {
    overlay.value = null;
    openedSearch.value = null;
  });
}

/** Where the keys have other letters than Latin ones, it is the place of the key that counts. */
function letterOf({ key, code }: KeyboardEvent): string {
  return (/^[a-z]$/i.test(key) ? key : code.replace(/^Key/, '')).toLowerCase();
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable], emoji-picker') !== null;
}
