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

/** Where one can go: to a room, or to a person, which is the room that one has with them alone. */
export type Destination =
  | { readonly kind: 'room'; readonly id: RoomId; readonly title: string; readonly room: ListedRoom }
  | { readonly kind: 'person'; readonly id: UserId; readonly title: string; readonly user: User };

const SHOWN_MAX = 12;

/** What answers the query, the best first: among one's rooms, the people one knows, and those the server finds. */
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
    // Whoever is alone with one in a room is found as that room.
    const titles = new Set(
      rooms.sorted.filter(isBetweenTwo).flatMap(({ members }) => members.map(({ userId }) => userId)),
    );
    return [...toRooms, ...toPeople.filter(({ id }) => !titles.has(id as UserId))];
  });

  const destinations = computed((): readonly Destination[] => {
    if (query.value.trim() === '') return all.value.filter(({ kind }) => kind === 'room').slice(0, SHOWN_MAX);
    const matching = fuzzyFind(query.value, all.value, ({ title }) => title);
    // By their address people are found whose name says nothing of it.
    const byAddress = all.value.filter(({ id }) => found.value.some(({ userId }) => userId === id));
    return [...new Set([...matching, ...byAddress])].slice(0, SHOWN_MAX);
  });

  /** The address of the destination; a room with a person that there is none with yet is made. */
  async function reach(destination: Destination): Promise<string> {
    if (destination.kind === 'room') return `/rooms/${destination.id}`;
    const roomId = newRoomId();
    await engine.request('create_room', { roomId, memberIds: [destination.id], members: [destination.user] });
    return `/rooms/${roomId}`;
  }

  return { query, destinations, state, ownId, reach };
}

const isBetweenTwo = (room: RoomSummary): boolean => room.name === null && room.memberCount === 2;
