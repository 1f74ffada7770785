import type { RoomId } from '@parley/protocol';
import { computed } from 'vue';
import { usePendingAction } from '../../composables/use-pending-action.ts';
import { roomTitle } from '../../format/people.ts';
import { t } from '../../i18n/i18n.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useOutboxStore } from '../../stores/outbox.ts';
import { useRoomsStore } from '../../stores/rooms.ts';
import { useSessionStore } from '../../stores/session.ts';
import { imagesText } from '../../format/shown-image.ts';
import type { UnsentMessage } from '../../domain/outbox.ts';

/** The unsent messages of all rooms, and actions for all of them. */
export function useUnsentTray() {
  const engine = useEngineStore();
  const outbox = useOutboxStore();
  const rooms = useRoomsStore();
  const session = useSessionStore();
  const { pending, error, run } = usePendingAction();

  const groups = computed(() =>
    [...outbox.byRoom].map(([roomId, messages]) => ({ roomId, title: titleOf(roomId), messages })),
  );
  const messages = computed(() => groups.value.flatMap((group) => group.messages));

  function titleOf(roomId: RoomId): string {
    const room = rooms.byId.get(roomId) ?? rooms.left.get(roomId);
    return room && session.user ? roomTitle(room, session.user.userId) : t('room.notMade');
  }

  /** Reconnects at once, and sends failed messages again. */
  async function retryAll(): Promise<void> {
    await run(async () => {
      await engine.request('reconnect', {});
      for (const { messageId } of failed()) await engine.request('retry_message', { messageId });
    });
  }

  /** Messages being sent cannot be deleted, and stay. */
  async function deleteAll(): Promise<void> {
    await run(async () => {
      for (const { messageId, status } of messages.value.toReversed()) {
        if (status !== 'inFlight') await engine.request('delete_message', { messageId });
      }
    });
  }

  async function copyAll(): Promise<void> {
    const text = groups.value.map(({ title, messages: unsent }) => [title, ...unsent.map(contentOf)].join('\n'));
    await run(() => navigator.clipboard.writeText(text.join('\n\n')));
  }

  const failed = (): UnsentMessage[] => messages.value.filter(({ status }) => status === 'failed');

  return { groups, messages, pending, error, retryAll, deleteAll, copyAll };
}

/** A message as shown in the tray and copied; images are only counted. */
export const contentOf = ({ text, images }: UnsentMessage): string =>
  [text, images.length > 0 ? t('outbox.withImages', { images: imagesText(images.length) }) : '']
    .filter(Boolean)
    .join('\n');
