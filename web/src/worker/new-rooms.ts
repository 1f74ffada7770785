import type { RoomId, RoomSummary } from '@parley/protocol';
import type { OutgoingRoom } from './database-schema.ts';
import type { Database } from './database.ts';
import { Refused } from './failures.ts';
import type { Outbox } from './outbox.ts';
import type { PersistentRequest } from './persistent-request.ts';

export interface NewRoomsEnvironment {
  readonly database: Database;
  readonly persist: PersistentRequest;
  readonly outbox: Outbox;
  readonly came: (room: RoomSummary) => void;
}

type Created = { readonly room: RoomSummary };

/** Rooms that the server is still to make: kept until it has, so that messages written to them have a room to go to. */
export class NewRooms {
  readonly #environment: NewRoomsEnvironment;
  readonly #creating = new Map<RoomId, Promise<Created>>();

  constructor(environment: NewRoomsEnvironment) {
    this.#environment = environment;
  }

  /** What an engine before this one was asked for and did not finish. */
  load(rooms: readonly OutgoingRoom[]): void {
    for (const room of rooms) {
      this.#start(room, Promise.resolve()).catch((failure: unknown) => {
        // Nobody waits for it any more. What was written to the room fails, too, and is shown.
        if (!(failure instanceof Refused)) throw failure;
      });
    }
  }

  /** Resolves when the server has made it; said again it is the same room. @throws Refused what no retry mends */
  create(room: OutgoingRoom): Promise<Created> {
    return this.#creating.get(room.roomId) ?? this.#start(room, this.#environment.database.storeRoom(room));
  }

  #start(room: OutgoingRoom, stored: Promise<void>): Promise<Created> {
    this.#environment.outbox.holdRoom(room.roomId);
    const creating = stored.then(() => this.#create(room));
    this.#creating.set(room.roomId, creating);
    return creating;
  }

  async #create(room: OutgoingRoom): Promise<Created> {
    const { database, persist, outbox, came } = this.#environment;
    try {
      const created = await persist('create_room', room);
      came(created.room);
      return created;
    } finally {
      void database.deleteRoom(room.roomId);
      this.#creating.delete(room.roomId);
      outbox.roomReady(room.roomId);
    }
  }
}
