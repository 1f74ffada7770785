import { onScopeDispose, watchEffect } from 'vue';
import { useRoute } from 'vue-router';
import type { RoomId } from '@parley/protocol';
import { formatNumber } from '../format/numbers.ts';
import { roomTitle } from '../format/people.ts';
import { faviconWith } from '../notifications/favicon.ts';
import { useRoomsStore } from '../stores/rooms.ts';
import { useSessionStore } from '../stores/session.ts';

/** `(3) Design · Parley`: how much is unread, and what is open. The number is on the tab's icon, and on the app's. */
export function useDocumentTitle(): void {
  const route = useRoute();
  const rooms = useRoomsStore();
  const session = useSessionStore();
  watchEffect(() => {
    const room = rooms.byId.get(route.params['roomId'] as RoomId);
    const title = room && session.user ? `${roomTitle(room, session.user.userId)} · Parley` : 'Parley';
    document.title = rooms.unreadTotal > 0 ? `(${formatNumber(rooms.unreadTotal)}) ${title}` : title;
  });
  watchEffect(() => showBadge(rooms.unreadTotal));
  onScopeDispose(() => {
    document.title = 'Parley';
    showBadge(0);
  });
}

function showBadge(unread: number): void {
  document.querySelector('link[rel="icon"]')?.setAttribute('href', faviconWith(unread));
  // Of the installed app; browsers that install none have none, or refuse.
  navigator.setAppBadge?.(unread).catch(() => undefined);
}
