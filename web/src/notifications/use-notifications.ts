import type { Message } from '@parley/protocol';
import { onScopeDispose } from 'vue';
import { roomTitle } from '../format/people.ts';
import { imagesText } from '../format/shown-image.ts';
import { t } from '../i18n/i18n.ts';
import { useEngineStore } from '../stores/engine.ts';
import { useMutedRoomsStore } from '../stores/muted-rooms.ts';
import { useRoomsStore } from '../stores/rooms.ts';
import { useUsersStore } from '../stores/users.ts';
import { playChime } from './chime.ts';
import { useNotificationSettings } from './use-notification-settings.ts';

const TEXT_LENGTH_MAX = 300;

/** Shows a notification for each message that arrives while no tab is visible; the engine picks the tab. */
export function useNotifications(): void {
  const engine = useEngineStore();
  const rooms = useRoomsStore();
  const users = useUsersStore();
  const muted = useMutedRoomsStore();
  const { permission, wanted, sound } = useNotificationSettings();

  async function notify({ roomId, userId, text, attachments }: Message): Promise<void> {
    const room = rooms.byId.get(roomId);
    if (room === undefined || engine.user === null || muted.isMuted(roomId)) return;
    if (sound.value) playChime();
    if (permission.value !== 'granted' || !wanted.value) return;
    // Shown by the service worker: it outlives the tab, and phones allow notifications only from there.
    const registration = await navigator.serviceWorker.ready;
    await registration.showNotification(roomTitle(room, engine.user.userId), {
      body: t('timeline.announced', {
        author: users.nameOf(userId),
        text: text.slice(0, TEXT_LENGTH_MAX) || imagesText(attachments.length),
      }),
      // A room has only one notification, the newest.
      tag: `room-${roomId}`,
      icon: '/icons/icon-192.png',
      silent: true,
      data: { path: `/rooms/${roomId}` },
    });
  }

  const unsubscribe = engine.onPatch('notice', ({ message }) => {
    // The browser may refuse; the room list and the title still count the message.
    notify(message).catch(() => undefined);
  });
  onScopeDispose(unsubscribe);
}
