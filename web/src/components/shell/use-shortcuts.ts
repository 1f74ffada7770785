import { useEventListener } from '@vueuse/core';
import { onBeforeUnmount } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useRoomsStore } from '../../stores/rooms.ts';
import { useUiStore } from '../../stores/ui.ts';

/** The keyboard shortcuts of the whole chat. */
export function useShortcuts(): void {
  const rooms = useRoomsStore();
  const ui = useUiStore();
  const route = useRoute();
  const router = useRouter();

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && !event.altKey && !event.shiftKey && letterOf(event) === 'k') {
      event.preventDefault();
      ui.overlay = ui.overlay === 'switcher' ? null : 'switcher';
    } else if (command && !event.altKey && event.shiftKey && letterOf(event) === 'f') {
      event.preventDefault();
      ui.overlay = null;
      ui.openSearch(route.params['roomId'] === undefined ? 'everywhere' : 'room');
    } else if (event.key === '?' && !command && !event.altKey && !isWriting(event.target)) {
      event.preventDefault();
      ui.overlay = 'shortcuts';
    } else if (event.altKey && !command && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      void step(event.key === 'ArrowUp' ? -1 : 1);
    }
  }

  /** Opens the previous or next room in the list; without an open room, the first. */
  async function step(by: number): Promise<void> {
    const index = rooms.sorted.findIndex(({ roomId }) => roomId === route.params['roomId']);
    const next = rooms.sorted[index < 0 ? 0 : index + by];
    if (next !== undefined) await router.push(`/rooms/${next.roomId}`);
  }

  useEventListener(window, 'keydown', onKey);
  onBeforeUnmount(ui.closeChat);
}

/** The Latin letter of a key; on keyboards without Latin letters, the one at the key's position. */
function letterOf({ key, code }: KeyboardEvent): string {
  return (/^[a-z]$/i.test(key) ? key : code.replace(/^Key/, '')).toLowerCase();
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable], emoji-picker') !== null;
}
