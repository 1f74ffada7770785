import type { RoomId, RoomSummary, User, UserId } from '@parley/protocol';
import { computed } from 'vue';
import { fuzzyFind } from '../../domain/fuzzy.ts';
import { newRoomId } from '../../domain/ids.ts';
import { roomTitle } from '../../format/people.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useRoomsStore } from '../../stores/rooms.ts';
import { useSessionStore } from '../../stores/session.ts';
import { useUsersStore } from '../../stores/users.ts';
import type { ListedRoom } from '../../domain/room-list.ts';
import { usePeopleSearch } from '../person/use-people-search.ts';

/** A room, or a user without a room of two with the current user. */
export type Destination =
  | { readonly kind: 'room'; readonly id: RoomId; readonly title: string; readonly room: ListedRoom }
  | { readonly kind: 'person'; readonly id: UserId; readonly title: string; readonly user: User };

const SHOWN_MAX = 12;

/** The matches of a query, best first: the user's rooms, known users, and users that the server finds. */
export function useDestinations() {
  const engine = useEngineStore();
  const rooms = useRoomsStore();
  const users = useUsersStore();
  const session = useSessionStore();
  const { query, found, state } = usePeopleSearch();
  const ownId = computed(() => session.user?.userId ?? ('' as UserId));

  const all = computed((): Destination[] => {
    const toRooms = rooms.sorted.map((room): Destination => ({
      ...{ kind: 'room', id: room.roomId, room },
      title: roomTitle(room, ownId.value),
    }));
    const people = new Map([...users.byId.values(), ...found.value].map((user) => [user.userId, user]));
    people.delete(ownId.value);
    const toPeople = [...people.values()].map((user): Destination => ({
      ...{ kind: 'person', id: user.userId, title: user.displayName, user },
    }));
    // A user who shares a room of two with the current user is found as that room.
    const titles = new Set(
      rooms.sorted.filter(isBetweenTwo).flatMap(({ members }) => members.map(({ userId }) => userId)),
    );
    return [...toRooms, ...toPeople.filter(({ id }) => !titles.has(id as UserId))];
  });

  const destinations = computed((): readonly Destination[] => {
    if (query.value.trim() === '') return all.value.filter(({ kind }) => kind === 'room').slice(0, SHOWN_MAX);
    const matching = fuzzyFind(query.value, all.value, ({ title }) => title);
    // The server also finds users by their e-mail address, which their name need not resemble.
    const byAddress = all.value.filter(({ id }) => found.value.some(({ userId }) => userId === id));
    return [...new Set([...matching, ...byAddress])].slice(0, SHOWN_MAX);
  });

  /** @returns the path of the destination; creates the room of two with a user */
  async function reach(destination: Destination): Promise<string> {
    if (destination.kind === 'room') return `/rooms/${destination.id}`;
    const roomId = newRoomId();
    await engine.request('create_room', { roomId, memberIds: [destination.id], members: [destination.user] });
    return `/rooms/${roomId}`;
  }

  return { query, destinations, state, ownId, reach };
}

const isBetweenTwo = (room: RoomSummary): boolean => room.name === null && room.memberCount === 2;
