import { useDraftsStore } from './drafts.ts';
import { useHistoryStore } from './history.ts';
import { useMutedRoomsStore } from './muted-rooms.ts';
import { useOutboxStore } from './outbox.ts';
import { usePresenceStore } from './presence.ts';
import { useQuotesStore } from './quotes.ts';
import { useRoomActivityStore } from './room-activity.ts';
import { useRoomsStore } from './rooms.ts';
import { useSessionStore } from './session.ts';
import { useTimelinesStore } from './timelines.ts';
import { useUiStore } from './ui.ts';
import { useUsersStore } from './users.ts';

const SUBSCRIBERS = [
  ...[useSessionStore, useUsersStore, useRoomsStore, useOutboxStore, useDraftsStore, useTimelinesStore],
  ...[useHistoryStore, useQuotesStore, usePresenceStore, useRoomActivityStore, useMutedRoomsStore, useUiStore],
];

/** Makes every store that subscribes to the engine, so that none misses the first snapshot. */
export function startSubscribers(): void {
  for (const useStore of SUBSCRIBERS) useStore();
}
