import { onScopeDispose, watchEffect } from 'vue';
import { useRoute } from 'vue-router';
import type { RoomId } from '@parley/protocol';
import { formatNumber } from '../format/numbers.ts';
import { roomTitle } from '../format/people.ts';
import { faviconWith } from '../notifications/favicon.ts';
import { useRoomsStore } from '../stores/rooms.ts';
import { useSessionStore } from '../stores/session.ts';

/** `(3) Design · Parley`: the unread count and the open room. The count is also on the icons of the tab and the app. */
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
  // The badge of the installed app; other browsers lack it, or reject.
  navigator.setAppBadge?.(unread).catch(() => undefined);
}
