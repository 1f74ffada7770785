import type { RoomId, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive, watch } from 'vue';
import { useEngineStore } from './engine.ts';

/** The rooms that show no notifications, per user and browser: notifications belong to a browser. */
export const useMutedRoomsStore = defineStore('muted-rooms', () => {
  const muted = shallowReactive(new Set<RoomId>());
  let storageKey: string | null = null;

  function start(userId: UserId): void {
    storageKey = `parley-muted:${userId}`;
    load(localStorage.getItem(storageKey));
    window.addEventListener('storage', onStorage);
  }

  function stop(): void {
    window.removeEventListener('storage', onStorage);
    storageKey = null;
    muted.clear();
  }

  function onStorage({ key, newValue }: StorageEvent): void {
    if (key === storageKey) load(newValue);
  }

  function load(stored: string | null): void {
    muted.clear();
    for (const roomId of JSON.parse(stored ?? '[]') as RoomId[]) muted.add(roomId);
  }

  function toggle(roomId: RoomId): void {
    if (!muted.delete(roomId)) muted.add(roomId);
    if (storageKey !== null) localStorage.setItem(storageKey, JSON.stringify([...muted]));
  }

  const isMuted = (roomId: RoomId): boolean => muted.has(roomId);

  const engine = useEngineStore();
  watch(
    () => engine.user,
    (user) => {
      stop();
      if (user) start(user.userId);
    },
    { immediate: true, flush: 'sync' },
  );

  return { toggle, isMuted };
});
