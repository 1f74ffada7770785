import type { RoomId, RoomSummary, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';

interface Read {
  readonly seq: number;
  readonly count: number;
}

/**
 * How far one has read, in this browser: whichever is further, what the server knows or what was on the screen here.
 * The server does not record reading yet, so what was seen is kept in localStorage, where all tabs find it.
 */
export const useReadingStore = defineStore('reading', () => {
  const seen = shallowReactive(new Map<RoomId, Read>());
  let storageKey: string | null = null;

  function start(userId: UserId): void {
    storageKey = `parley-read:${userId}`;
    seen.clear();
    load(localStorage.getItem(storageKey));
    window.addEventListener('storage', onStorage);
  }

  function stop(): void {
    window.removeEventListener('storage', onStorage);
    storageKey = null;
    seen.clear();
  }

  function onStorage(event: StorageEvent): void {
    if (event.key === storageKey) load(event.newValue);
  }

  function load(stored: string | null): void {
    if (stored === null) return;
    const rooms = JSON.parse(stored) as Record<RoomId, Read>;
    for (const [roomId, read] of Object.entries(rooms) as [RoomId, Read][]) advance(roomId, read);
  }

  function advance(roomId: RoomId, read: Read): boolean {
    if ((seen.get(roomId)?.seq ?? -1) >= read.seq) return false;
    seen.set(roomId, read);
    return true;
  }

  /** The whole room, as it stands, has been on the screen. */
  function markRead(room: RoomSummary): void {
    if (!advance(room.roomId, { seq: room.head, count: room.count })) return;
    if (storageKey !== null) localStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(seen)));
  }

  function readSeq(room: RoomSummary): number {
    return Math.max(room.readSeq, seen.get(room.roomId)?.seq ?? 0);
  }

  function unread(room: RoomSummary): number {
    return Math.max(0, room.count - Math.max(room.readCount, seen.get(room.roomId)?.count ?? 0));
  }

  return { start, stop, markRead, readSeq, unread };
});
