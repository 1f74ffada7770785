import { onScopeDispose, watchEffect } from 'vue';
import { useRoute } from 'vue-router';
import type { RoomId } from '@parley/protocol';
import { roomTitle } from '../format/people.ts';
import { useRoomsStore } from '../stores/rooms.ts';
import { useSessionStore } from '../stores/session.ts';

/** `(3) Design · Parley`: how much is unread, and what is open. */
export function showDocumentTitle(): void {
  const route = useRoute();
  const rooms = useRoomsStore();
  const session = useSessionStore();
  watchEffect(() => {
    const room = rooms.byId.get(route.params['roomId'] as RoomId);
    const title = room && session.user ? `${roomTitle(room, session.user.userId)} · Parley` : 'Parley';
    document.title = rooms.unreadTotal > 0 ? `(${rooms.unreadTotal}) ${title}` : title;
  });
  onScopeDispose(() => {
    document.title = 'Parley';
  });
}
