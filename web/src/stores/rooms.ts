import type { RoomId, RoomSummary } from '@parley/protocol';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive } from 'vue';
import type { ListedRoom } from '../worker/messages.ts';
import { useMutedRooms } from '../notifications/muted-rooms.ts';
import { useReadingStore } from './reading.ts';

/** One's rooms. */
export const useRoomsStore = defineStore('rooms', () => {
  const byId = shallowReactive(new Map<RoomId, ListedRoom>());
  /** false: the list has not been had from the server yet. */
  const loaded = ref(false);
  const reading = useReadingStore();
  const muted = useMutedRooms();

  /** Newest activity first. */
  const sorted = computed(() => [...byId.values()].sort(byActivity));
  /** One is known to be in no room. */
  const none = computed(() => loaded.value && byId.size === 0);
  /** Of the rooms that may speak up. */
  const unreadTotal = computed(() =>
    sorted.value.filter(({ roomId }) => !muted.isMuted(roomId)).reduce((sum, room) => sum + reading.unread(room), 0),
  );

  function reset(rooms: readonly ListedRoom[], roomsLoaded: boolean): void {
    byId.clear();
    upsert(rooms, roomsLoaded);
  }

  function upsert(rooms: readonly ListedRoom[], roomsLoaded: boolean): void {
    for (const room of rooms) byId.set(room.roomId, room);
    loaded.value = roomsLoaded;
  }

  function remove(roomId: RoomId): void {
    byId.delete(roomId);
  }

  return { byId, loaded, sorted, none, unreadTotal, reset, upsert, remove };
});

function byActivity(a: RoomSummary, b: RoomSummary): number {
  return activityOf(b) - activityOf(a) || (a.roomId < b.roomId ? 1 : -1);
}

/** When something last happened in a room, in milliseconds since the epoch. */
export function activityOf(room: RoomSummary): number {
  return room.lastMessage?.createdAt ?? room.createdAt;
}
