import type { RoomId, RoomSummary, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive } from 'vue';
import type { ListedRoom } from '../domain/room-list.ts';
import { useEngineStore } from './engine.ts';
import { useMutedRoomsStore } from './muted-rooms.ts';

/** The user's rooms. */
export const useRoomsStore = defineStore('rooms', () => {
  const byId = shallowReactive(new Map<RoomId, ListedRoom>());
  /** Whether the server has sent the list. */
  const loaded = ref(false);
  const muted = useMutedRoomsStore();

  /** Who removed the user, by room. */
  const removals = shallowReactive(new Map<RoomId, UserId>());

  /** Last state of the rooms that the user is no longer in: unsent messages may belong to them. */
  const left = shallowReactive(new Map<RoomId, ListedRoom>());

  /** Newest activity first. */
  const sorted = computed(() => [...byId.values()].sort(byActivity));
  /** The user is known to be in no room. */
  const none = computed(() => loaded.value && byId.size === 0);
  /** Without muted rooms. */
  const unreadTotal = computed(() =>
    sorted.value.filter(({ roomId }) => !muted.isMuted(roomId)).reduce((sum, room) => sum + unreadIn(room), 0),
  );
  const mentionTotal = computed(() => sorted.value.reduce((sum, room) => sum + (room.mentionCount ?? 0), 0));

  function reset(rooms: readonly ListedRoom[], roomsLoaded: boolean): void {
    byId.clear();
    upsert(rooms, roomsLoaded);
  }

  function upsert(rooms: readonly ListedRoom[], roomsLoaded: boolean): void {
    for (const room of rooms) {
      // An update of the room may follow its removal notice, before the room itself is removed.
      if (!byId.has(room.roomId)) removals.delete(room.roomId);
      byId.set(room.roomId, room);
    }
    loaded.value = roomsLoaded;
  }

  function remove(roomId: RoomId): void {
    const room = byId.get(roomId);
    if (room) left.set(roomId, room);
    byId.delete(roomId);
  }

  const engine = useEngineStore();
  engine.onSnapshot((snapshot) => reset(snapshot.rooms, snapshot.roomsLoaded));
  engine.onPatch('rooms', (patch) => upsert(patch.rooms, patch.roomsLoaded));
  engine.onPatch('room_removed', (patch) => remove(patch.roomId));
  engine.onPatch('removed_from_room', (patch) => removals.set(patch.roomId, patch.removedBy));
  engine.onDisconnect(() => {
    reset([], false);
    left.clear();
  });

  return { byId, left, removals, loaded, sorted, none, unreadTotal, mentionTotal };
});

function byActivity(a: RoomSummary, b: RoomSummary): number {
  return activityOf(b) - activityOf(a) || (a.roomId < b.roomId ? 1 : -1);
}

/** How many messages the user has not read. */
export const unreadIn = ({ count, readCount }: RoomSummary): number => Math.max(0, count - readCount);

/** When something last happened in a room, in milliseconds since the epoch. */
export function activityOf(room: RoomSummary): number {
  return room.lastMessage?.createdAt ?? room.createdAt;
}
