import type { RoomId } from '@parley/protocol';
import { playChime } from './chime.ts';
import { useMutedRoomsStore } from '../stores/muted-rooms.ts';
import { useNotificationSettings } from './use-notification-settings.ts';

/** What a notification says. */
export interface NoticeText {
  readonly title: string;
  readonly body: string;
}

/** Tells the person of a message, unless they do not want to know. A room has one notification: the newest. */
export async function showNotice(roomId: RoomId, text: NoticeText): Promise<void> {
  const { permission, wanted, sound } = useNotificationSettings();
  if (useMutedRoomsStore().isMuted(roomId)) return;
  if (sound.value) playChime();
  if (permission.value !== 'granted' || !wanted.value) return;
  // By the service worker: it outlives the tab, and phones know no other way.
  const registration = await navigator.serviceWorker.ready;
  await registration.showNotification(text.title, {
    body: text.body,
    tag: `room-${roomId}`,
    icon: '/icons/icon-192.png',
    silent: true,
    data: { path: `/rooms/${roomId}` },
  });
}
