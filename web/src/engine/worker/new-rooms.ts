import { LIMITS, type RoomId } from '@parley/protocol';
import type { Clock } from '../../domain/clock.ts';
import type { ServerConnection } from './server-connection.ts';
import type { OutgoingRoom } from './database-schema.ts';
import type { Database } from './database.ts';
import { Refused } from './failures.ts';
import type { ListedRoom } from '../../domain/room-list.ts';
import type { Outbox } from './outbox.ts';
import type { KnownUsers } from './known-users.ts';
import type { RequestWithRetry } from './retrying-request.ts';
import type { Rooms } from './rooms.ts';
import type { Sync } from './sync.ts';
import type { Timelines } from './timelines.ts';

export interface NewRoomsEnvironment {
  readonly clock: Clock;
  readonly connection: ServerConnection;
  readonly database: Database;
  readonly requestWithRetry: RequestWithRetry;
  readonly outbox: Outbox;
  readonly knownUsers: KnownUsers;
  readonly rooms: Rooms;
  readonly timelines: Timelines;
  readonly sync: Sync;
}

type Created = { readonly room: ListedRoom };

interface Creation {
  readonly stored: Promise<void>;
  readonly made: Promise<Created>;
}

/**
 * Rooms that the server has not created yet: stored until it has, so that messages can be written in them. Without a
 * connection they are listed as pending.
 */
export class NewRooms {
  readonly #environment: NewRoomsEnvironment;
  readonly #creating = new Map<RoomId, Creation>();

  constructor(environment: NewRoomsEnvironment) {
    this.#environment = environment;
  }

  /** Rooms that a previous engine did not finish to create. */
  load(rooms: readonly OutgoingRoom[]): void {
    for (const room of rooms) {
      this.#list(room);
      this.#start(room, Promise.resolve());
    }
  }

  /**
   * Resolves when the server has created the room, or when it is stored and there is no connection. Idempotent.
   * @throws Refused if the refusal is not retryable
   */
  async create(room: OutgoingRoom): Promise<Created> {
    const { connection, database } = this.#environment;
    const { stored, made } = this.#creating.get(room.roomId) ?? this.#start(room, database.storeRoom(room));
    const postponed = stored
      .then(() => connection.whenOffline())
      .then(() => (this.#creating.has(room.roomId) ? { room: this.#list(room) } : made));
    return Promise.race([made, postponed]);
  }

  /** Resolves when the server has created the room, at once if it is not pending. @throws Refused if it was refused */
  async made(roomId: RoomId): Promise<void> {
    await this.#creating.get(roomId)?.made;
  }

  #list(room: OutgoingRoom): ListedRoom {
    const { clock, knownUsers, rooms, timelines } = this.#environment;
    const listed = pendingRoom(room, clock.now());
    knownUsers.add(listed.members);
    rooms.addPending(listed);
    timelines.begin(room.roomId);
    return listed;
  }

  #start(room: OutgoingRoom, stored: Promise<void>): Creation {
    this.#environment.outbox.holdRoom(room.roomId);
    const made = stored.then(() => this.#create(room));
    made.catch((failure: unknown) => {
      // There may be no caller any more. Messages written in the room fail as well, and are shown.
      if (!(failure instanceof Refused)) throw failure;
    });
    const creation = { stored, made };
    this.#creating.set(room.roomId, creation);
    return creation;
  }

  async #create({ roomId, name, memberIds }: OutgoingRoom): Promise<Created> {
    const { database, requestWithRetry, outbox, rooms, timelines, sync } = this.#environment;
    try {
      const created = await requestWithRetry('create_room', { roomId, memberIds, ...(name !== undefined && { name }) });
      sync.roomJoined(created.room);
      return created;
    } catch (failure) {
      rooms.removePending(roomId);
      timelines.remove(roomId);
      throw failure;
    } finally {
      void database.deleteRoom(roomId);
      this.#creating.delete(roomId);
      outbox.roomReady(roomId);
    }
  }
}

/** The summary of a room that the server has not created yet. */
function pendingRoom({ roomId, name, memberIds, members = [] }: OutgoingRoom, createdAt: number): ListedRoom {
  return {
    ...{ roomId, name: name ?? null, createdAt, isPending: true },
    members: members.slice(0, LIMITS.membersInRoom),
    memberCount: memberIds.length + 1,
    ...{ head: 0, count: 0, readSeq: 0, readCount: 0, lastMessage: null },
  };
}
