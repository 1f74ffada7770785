import type { RoomId, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { Reader } from '../domain/reading.ts';

const NOBODY: readonly UserId[] = [];
const NO_READERS: readonly Reader[] = [];

/** What the others do in the rooms that this tab has open: how far they have read, and who is typing. */
export const useRoomActivityStore = defineStore('room-activity', () => {
  const readers = shallowReactive(new Map<RoomId, readonly Reader[]>());
  const typing = shallowReactive(new Map<RoomId, readonly UserId[]>());

  function setReaders(told: { roomId: RoomId; replace: boolean; readers: readonly Reader[] }): void {
    const before = told.replace ? NO_READERS : readersIn(told.roomId);
    const news = new Set(told.readers.map(({ userId }) => userId));
    readers.set(told.roomId, [...before.filter(({ userId }) => !news.has(userId)), ...told.readers]);
  }

  function readersIn(roomId: RoomId): readonly Reader[] {
    return readers.get(roomId) ?? NO_READERS;
  }

  function setTyping(roomId: RoomId, userIds: readonly UserId[]): void {
    typing.set(roomId, userIds);
  }

  function typingIn(roomId: RoomId): readonly UserId[] {
    return typing.get(roomId) ?? NOBODY;
  }

  /** The room is open here no more. */
  function forget(roomId: RoomId): void {
    readers.delete(roomId);
    typing.delete(roomId);
  }

  function reset(): void {
    readers.clear();
    typing.clear();
  }

  return { setReaders, readersIn, setTyping, typingIn, forget, reset };
});
