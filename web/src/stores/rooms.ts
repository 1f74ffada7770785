import type { RoomId, RoomSummary, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive } from 'vue';
import type { ListedRoom } from '../domain/room-list.ts';
import { useMutedRoomsStore } from './muted-rooms.ts';

/** One's rooms. */
export const useRoomsStore = defineStore('rooms', () => {
  const byId = shallowReactive(new Map<RoomId, ListedRoom>());
  /** false: the list has not been had from the server yet. */
  const loaded = ref(false);
  const muted = useMutedRoomsStore();

  /** Who removed one from a room that one is no longer in. */
  const removals = shallowReactive(new Map<RoomId, UserId>());

  /** Rooms that are gone, as they were: something unsent may speak of them. */
  const gone = shallowReactive(new Map<RoomId, ListedRoom>());

  /** Newest activity first. */
  const sorted = computed(() => [...byId.values()].sort(byActivity));
  /** One is known to be in no room. */
  const none = computed(() => loaded.value && byId.size === 0);
  /** Of the rooms that may speak up. */
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
      // Who is told of a removal may still hear of the room itself before it goes.
      if (!byId.has(room.roomId)) removals.delete(room.roomId);
      byId.set(room.roomId, room);
    }
    loaded.value = roomsLoaded;
  }

  function remove(roomId: RoomId): void {
    const room = byId.get(roomId);
    if (room) gone.set(roomId, room);
    byId.delete(roomId);
  }

  /** Said just before the room goes: an owner has removed one from it. */
  function explainRemoval(roomId: RoomId, removedBy: UserId): void {
    removals.set(roomId, removedBy);
  }

  return {
    byId,
    gone,
    removals,
    loaded,
    sorted,
    none,
    unreadTotal,
    mentionTotal,
    reset,
    upsert,
    remove,
    explainRemoval,
  };
});

function byActivity(a: RoomSummary, b: RoomSummary): number {
  return activityOf(b) - activityOf(a) || (a.roomId < b.roomId ? 1 : -1);
}

/** Messages that one has not read. */
export const unreadIn = ({ count, readCount }: RoomSummary): number => Math.max(0, count - readCount);

/** When something last happened in a room, in milliseconds since the epoch. */
export function activityOf(room: RoomSummary): number {
  return room.lastMessage?.createdAt ?? room.createdAt;
}
