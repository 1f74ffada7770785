import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type Membership, type RoomApi } from '@parley/contracts';
import { CoalescedRuns, LOGGER, type Logger } from '@parley/platform';
import type { RoomId, RoomSummary, UserId } from '@parley/protocol';
import { RoomSummaries } from '../rooms/room-summaries.ts';
import type { Connection } from './connection.ts';
import { LocalUsers, type LocalUser } from './local-users.ts';
import { Seating } from './seating.ts';

/** Keeps the seats of a person's connections what the database says of the person's memberships. */
@Injectable()
export class RoomSync {
  readonly #rooms: Pick<RoomApi, 'getMemberships'>;
  readonly #summaries: RoomSummaries;
  readonly #seating: Seating;
  readonly #users: LocalUsers;
  readonly #logger: Logger;
  readonly #runs = new CoalescedRuns<LocalUser>((user) => this.#apply(user));

  constructor(
    @Inject(ROOM_API) rooms: Pick<RoomApi, 'getMemberships'>,
    summaries: RoomSummaries,
    seating: Seating,
    users: LocalUsers,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#rooms = rooms;
    this.#summaries = summaries;
    this.#seating = seating;
    this.#users = users;
    this.#logger = logger;
    users.onRoomsChanged((userId) => {
      this.hint(userId);
    });
  }

  /**
   * Compares memberships as they are after this call with the seats and applies the difference: room_created for each
   * room gained; for each room lost what its log still has to say, then room_removed. Rejects if it cannot be known.
   */
  async sync(userId: UserId): Promise<void> {
    const user = this.#users.get(userId);
    if (user !== undefined) await this.#runs.run(user);
  }

  /** The same, for those who only heard that something may have changed: the next check repeats what fails. */
  hint(userId: UserId): void {
    this.sync(userId).catch((error: unknown) => {
      this.#logger.warn({ err: error, userId }, 'The rooms of a person could not be compared; the next check does it.');
    });
  }

  async #apply(user: LocalUser): Promise<void> {
    const { roomsVersion, memberships } = await this.#rooms.getMemberships({ userId: user.userId });
    // One that joined meanwhile may know more than this answer.
    const connections = joinedConnections(user).filter(({ known }) => known <= roomsVersion);
    const all = connections.map(({ connection }) => connection);
    await this.#give(all, memberships);
    await this.#take(user, all, memberships);
    for (const connection of all) {
      if (connection.state.name === 'joined') connection.enter({ name: 'joined', roomsVersion });
    }
  }

  async #give(connections: readonly Connection[], memberships: readonly Membership[]): Promise<void> {
    const kept = new Set(memberships.map(({ roomId }) => roomId));
    const lost = new Set<RoomId>();
    for (const { seats } of connections) {
      for (const roomId of seats.keys()) if (!kept.has(roomId)) lost.add(roomId);
    }
    await Promise.all([...lost].map((roomId) => this.#seating.end(connections, roomId)));
  }

  async #take(user: LocalUser, connections: readonly Connection[], memberships: readonly Membership[]): Promise<void> {
    const gained = memberships.filter(({ roomId }) => connections.some(({ seats }) => !seats.has(roomId)));
    if (gained.length === 0) return;
    const roomIds = gained.map(({ roomId }) => roomId);
    try {
      await Promise.all(connections.map((connection) => this.#seating.take(connection, roomIds)));
      const summaries = await this.#summaries.summarize(user.userId, gained, await this.#summaries.readHeads(roomIds));
      for (const connection of connections) this.#introduce(connection, summaries);
    } finally {
      for (const connection of connections) this.#seating.dropUnopened(connection, roomIds);
    }
  }

  /** Tells the client of the rooms that it does not know yet, each before anything that happens in it. */
  #introduce(connection: Connection, summaries: readonly RoomSummary[]): void {
    for (const room of summaries) {
      if (connection.seats.get(room.roomId)?.isOpen !== false) continue;
      connection.tell({ event: 'room_created', data: { room } });
      this.#seating.open(connection, room.roomId, room.head);
    }
  }
}

function joinedConnections(user: LocalUser): { connection: Connection; known: number }[] {
  return [...user.connections].flatMap((connection) =>
    connection.state.name === 'joined' ? [{ connection, known: connection.state.roomsVersion }] : [],
  );
}
