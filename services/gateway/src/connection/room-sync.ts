import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type Membership, type RoomApi } from '@parley/contracts';
import { CoalescedRuns, LOGGER, type Logger } from '@parley/platform';
import type { RoomId, RoomSummary, UserId } from '@parley/protocol';
import { RoomSummaries } from '../rooms/room-summaries.ts';
import type { Connection } from './connection.ts';
import { LocalUsers, type LocalUser } from './local-users.ts';
import { RoomSubscriptions } from './room-subscriptions.ts';

/** Keeps the room subscriptions of a user's connections in line with the memberships in the database. */
@Injectable()
export class RoomSync {
  readonly #rooms: Pick<RoomApi, 'getMemberships'>;
  readonly #summaries: RoomSummaries;
  readonly #subscriptions: RoomSubscriptions;
  readonly #users: LocalUsers;
  readonly #logger: Logger;
  readonly #runs = new CoalescedRuns<LocalUser>((user) => this.#apply(user));

  constructor(
    @Inject(ROOM_API) rooms: Pick<RoomApi, 'getMemberships'>,
    summaries: RoomSummaries,
    subscriptions: RoomSubscriptions,
    users: LocalUsers,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#rooms = rooms;
    this.#summaries = summaries;
    this.#subscriptions = subscriptions;
    this.#users = users;
    this.#logger = logger;
    users.onRoomsChanged((userId) => {
      this.syncInBackground(userId);
    });
  }

  /**
   * Reads the memberships and applies the difference: sends room_created for each room gained; for each room lost, the
   * remaining entries and then room_removed. Rejects if the memberships cannot be read.
   */
  async sync(userId: UserId): Promise<void> {
    const user = this.#users.get(userId);
    if (user !== undefined) await this.#runs.run(user);
  }

  /** The same without waiting. Reconciliation repeats it after a failure. */
  syncInBackground(userId: UserId): void {
    this.sync(userId).catch((error: unknown) => {
      this.#logger.warn({ err: error, userId }, 'Failed to sync the rooms of a user; reconciliation repeats it.');
    });
  }

  async #apply(user: LocalUser): Promise<void> {
    const { roomsVersion, memberships } = await this.#rooms.getMemberships({ userId: user.userId });
    // A connection that joined in the meantime may have read later memberships.
    const connections = joinedConnections(user).filter((joined) => joined.roomsVersion <= roomsVersion);
    const all = connections.map(({ connection }) => connection);
    await this.#removeLost(all, memberships);
    await this.#addGained(user, all, memberships);
    for (const connection of all) {
      if (connection.state.name === 'joined') connection.setState({ name: 'joined', roomsVersion });
    }
  }

  async #removeLost(connections: readonly Connection[], memberships: readonly Membership[]): Promise<void> {
    const kept = new Set(memberships.map(({ roomId }) => roomId));
    const lost = new Set<RoomId>();
    for (const { subscriptions } of connections) {
      for (const roomId of subscriptions.keys()) if (!kept.has(roomId)) lost.add(roomId);
    }
    await Promise.all([...lost].map((roomId) => this.#subscriptions.removeAfterCatchUp(connections, roomId)));
  }

  async #addGained(
    user: LocalUser,
    connections: readonly Connection[],
    memberships: readonly Membership[],
  ): Promise<void> {
    const gained = memberships.filter(({ roomId }) =>
      connections.some(({ subscriptions }) => !subscriptions.has(roomId)),
    );
    if (gained.length === 0) return;
    const roomIds = gained.map(({ roomId }) => roomId);
    try {
      await Promise.all(connections.map((connection) => this.#subscriptions.add(connection, roomIds)));
      const summaries = await this.#summaries.summarize(user.userId, gained, await this.#summaries.readHeads(roomIds));
      for (const connection of connections) this.#announceRooms(connection, summaries);
    } finally {
      for (const connection of connections) this.#subscriptions.removeUnopened(connection, roomIds);
    }
  }

  /** Sends room_created for the new rooms, each before the room's first event. */
  #announceRooms(connection: Connection, summaries: readonly RoomSummary[]): void {
    for (const room of summaries) {
      if (connection.subscriptions.get(room.roomId)?.isOpen !== false) continue;
      connection.sendEvent({ event: 'room_created', data: { room } });
      this.#subscriptions.open(connection, room.roomId, room.head);
    }
  }
}

function joinedConnections(user: LocalUser): { connection: Connection; roomsVersion: number }[] {
  return [...user.connections].flatMap((connection) =>
    connection.state.name === 'joined' ? [{ connection, roomsVersion: connection.state.roomsVersion }] : [],
  );
}
