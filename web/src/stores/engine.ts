import type { ConnectionLimits, Message, OwnUser, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { roomTitle } from '../format/people.ts';
import { counted, t } from '../i18n/i18n.ts';
import { useMutedRoomsStore } from './muted-rooms.ts';
import { showNotice } from '../notifications/show-notice.ts';
import { connectEngine, type EngineClient } from '../engine/page/engine-client.ts';
import type { ConnectionStatus } from '../domain/connection-status.ts';
import type { Intent, Intents, Patch, Snapshot } from '../engine/protocol/messages.ts';
import type { StorageStatus } from '../domain/storage-status.ts';
import { useConversationStore } from './conversation.ts';
import { useDraftsStore } from './drafts.ts';
import { useHistoryStore } from './history.ts';
import { useOutboxStore } from './outbox.ts';
import { usePresenceStore } from './presence.ts';
import { useQuotesStore } from './quotes.ts';
import { useRoomActivityStore } from './room-activity.ts';
import { useRoomsStore } from './rooms.ts';
import { useSessionStore } from './session.ts';
import { useTimelinesStore } from './timelines.ts';
import { useUsersStore } from './users.ts';

/** This tab's tie to the engine: hands snapshots and patches to the stores, and intents to the engine. */
export const useEngineStore = defineStore('engine', () => {
  const connection = shallowRef<ConnectionStatus>({ status: 'connecting' });
  const limits = shallowRef<ConnectionLimits | null>(null);
  /** Whether what is written outlives the page. */
  const storage = shallowRef<StorageStatus>('durable');
  /** The first snapshot is there. */
  const ready = ref(false);
  const rooms = useRoomsStore();
  const users = useUsersStore();
  const outbox = useOutboxStore();
  const drafts = useDraftsStore();
  const timelines = useTimelinesStore();
  const history = useHistoryStore();
  const quotes = useQuotesStore();
  const conversation = useConversationStore();
  const presence = usePresenceStore();
  const activity = useRoomActivityStore();
  const session = useSessionStore();
  const muted = useMutedRoomsStore();
  let client: EngineClient | undefined;
  let self: UserId | undefined;

  function connect(user: OwnUser): void {
    disconnect();
    self = user.userId;
    muted.start(user.userId);
    client = connectEngine(user, { onSnapshot, onPatches: (patches) => patches.forEach(apply) });
  }

  function disconnect(): void {
    client?.close();
    client = undefined;
    connection.value = { status: 'connecting' };
    rooms.reset([], false);
    rooms.gone.clear();
    users.reset();
    outbox.reset([]);
    drafts.reset([]);
    timelines.reset();
    muted.stop();
    history.reset();
    quotes.reset();
    conversation.reset();
    presence.reset();
    activity.reset();
  }

  /** Sends an intent; rejects with an IntentError. */
  function request<I extends Intent>(intent: I, data: Intents[I]['data']): Promise<Intents[I]['ok']> {
    if (client === undefined) return Promise.reject(new Error(t('error.unauthenticated')));
    return client.request(intent, data);
  }

  function onSnapshot(snapshot: Snapshot): void {
    connection.value = snapshot.connection;
    limits.value = snapshot.limits;
    storage.value = snapshot.storage;
    users.add([snapshot.user, ...snapshot.users]);
    rooms.reset(snapshot.rooms, snapshot.roomsLoaded);
    outbox.reset(snapshot.unsent);
    drafts.reset(snapshot.drafts);
    presence.apply({ replace: true, presence: snapshot.presence });
  }

  function apply(patch: Patch): void {
    switch (patch.kind) {
      case 'connection':
        connection.value = patch.connection;
        limits.value = patch.limits;
        break;
      case 'storage':
        storage.value = patch.storage;
        break;
      case 'rooms':
        users.add(patch.rooms.flatMap((room) => room.members));
        rooms.upsert(patch.rooms, patch.roomsLoaded);
        break;
      case 'room_removed':
        rooms.remove(patch.roomId);
        break;
      case 'removed_from_room':
        rooms.explainRemoval(patch.roomId, patch.removedBy);
        break;
      case 'users':
        users.add(patch.users);
        break;
      case 'unsent':
        outbox.apply(patch.upserted, patch.removed);
        break;
      case 'timeline':
        timelines.apply(patch);
        history.follow(patch);
        break;
      case 'message_changes':
        if (self === undefined) break;
        history.change(patch.roomId, patch.changes, self);
        quotes.change(patch.changes, self);
        break;
      case 'readers':
        activity.setReaders(patch);
        break;
      case 'typing':
        activity.setTyping(patch.roomId, patch.userIds);
        break;
      case 'presence':
        presence.apply(patch);
        break;
      case 'draft':
        if (patch.origin !== client?.tabId) drafts.set(patch.roomId, patch.text);
        break;
      case 'draft_images':
        drafts.setImages(patch.roomId, patch.images);
        break;
      case 'draft_reply':
        drafts.setReply(patch.roomId, patch.replyTo);
        break;
      case 'notice':
        notify(patch.message);
        break;
      case 'reload':
        if (!patch.sameUser) session.forget();
        location.reload();
    }
  }

  function notify({ roomId, userId, text, attachments }: Message): void {
    const room = rooms.byId.get(roomId);
    if (room === undefined || session.user === null) return;
    const said = t('timeline.announced', {
      author: users.nameOf(userId),
      text: text.slice(0, 300) || counted('image.count', attachments.length),
    });
    // A refusal is the browser's: the message is on the screen and in the title all the same.
    showNotice(roomId, { title: roomTitle(room, session.user.userId), body: said }).catch(() => undefined);
  }

  return { connection, limits, storage, ready, connect, disconnect, request };
});
