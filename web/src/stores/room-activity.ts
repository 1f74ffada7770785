import type { RoomId, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { Reader } from '../domain/reading.ts';
import { useEngineStore } from './engine.ts';

const NO_USERS: readonly UserId[] = [];
const NO_READERS: readonly Reader[] = [];

/** Read positions and typing notices of other members, for the rooms that this tab has open. */
export const useRoomActivityStore = defineStore('room-activity', () => {
  const readers = shallowReactive(new Map<RoomId, readonly Reader[]>());
  const typing = shallowReactive(new Map<RoomId, readonly UserId[]>());

  function setReaders(patch: { roomId: RoomId; replace: boolean; readers: readonly Reader[] }): void {
    const before = patch.replace ? NO_READERS : readersIn(patch.roomId);
    const updated = new Set(patch.readers.map(({ userId }) => userId));
    readers.set(patch.roomId, [...before.filter(({ userId }) => !updated.has(userId)), ...patch.readers]);
  }

  function readersIn(roomId: RoomId): readonly Reader[] {
    return readers.get(roomId) ?? NO_READERS;
  }

  function typingIn(roomId: RoomId): readonly UserId[] {
    return typing.get(roomId) ?? NO_USERS;
  }

  /** For a room that this tab no longer has open. */
  function forget(roomId: RoomId): void {
    readers.delete(roomId);
    typing.delete(roomId);
  }

  function reset(): void {
    readers.clear();
    typing.clear();
  }

  const engine = useEngineStore();
  engine.onPatch('readers', setReaders);
  engine.onPatch('typing', (patch) => typing.set(patch.roomId, patch.userIds));
  engine.onDisconnect(reset);

  return { readersIn, typingIn, forget };
});
