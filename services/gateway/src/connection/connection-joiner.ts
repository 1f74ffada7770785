import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, ROOM_API, type RoomApi } from '@parley/contracts';
import { RoomSummaries, type RoomsPage } from '../rooms/room-summaries.ts';
import type { Connection } from './connection.ts';
import { LocalUsers } from './local-users.ts';
import { RoomSync } from './room-sync.ts';
import { RoomSubscriptions } from './room-subscriptions.ts';

export interface JoinedRooms extends RoomsPage {
  readonly roomsVersion: number;
  /** Epoch of the stored data; absent when a room service of the previous release answered. */
  readonly epoch?: string;
  /** To be called when the answer is queued: opens the subscriptions, so that events since then are delivered. */
  readonly complete: () => void;
}

/** Subscribes a new connection to its user's rooms, without a gap between the initial summaries and live events. */
@Injectable()
export class ConnectionJoiner {
  readonly #rooms: Pick<RoomApi, 'findEndedSessions' | 'getMemberships'>;
  readonly #summaries: RoomSummaries;
  readonly #subscriptions: RoomSubscriptions;
  readonly #users: LocalUsers;
  readonly #sync: RoomSync;

  constructor(
    @Inject(ROOM_API) rooms: Pick<RoomApi, 'findEndedSessions' | 'getMemberships'>,
    summaries: RoomSummaries,
    subscriptions: RoomSubscriptions,
    users: LocalUsers,
    sync: RoomSync,
  ) {
    this.#rooms = rooms;
    this.#summaries = summaries;
    this.#subscriptions = subscriptions;
    this.#users = users;
    this.#sync = sync;
  }

  /** Rejects with `unauthenticated`, having closed the connection, if the session has ended, or with `unavailable`. */
  async join(connection: Connection): Promise<JoinedRooms> {
    connection.setState({ name: 'joining' });
    try {
      return await this.#join(connection);
    } catch (error) {
      this.#subscriptions.clear(connection);
      connection.setState({ name: 'opened' });
      throw error;
    }
  }

  /**
   * The order matters: the user's channel is subscribed before the session and the memberships are read, and the rooms'
   * channels before their heads. So every later change arrives on the bus; while the bus is down, reconciliation finds it.
   */
  async #join(connection: Connection): Promise<JoinedRooms> {
    const user = this.#users.add(connection);
    await Promise.allSettled([user.subscription.acknowledged]);
    await this.#checkSession(connection);
    const { roomsVersion, memberships, epoch } = await this.#rooms.getMemberships({ userId: user.userId });
    const roomIds = memberships.map(({ roomId }) => roomId);
    await this.#subscriptions.add(connection, roomIds);
    const heads = await this.#summaries.readHeads(roomIds);
    const page = await this.#summaries.page(user.userId, memberships, heads);
    const complete = (): void => {
      connection.setState({ name: 'joined', roomsVersion });
      for (const roomId of roomIds) this.#subscriptions.open(connection, roomId, heads.get(roomId)?.seq ?? 0);
      if (user.hintedVersion > roomsVersion) this.#sync.syncInBackground(user.userId);
    };
    return { ...page, roomsVersion, ...(epoch !== undefined && { epoch }), complete };
  }

  async #checkSession(connection: Connection): Promise<void> {
    const { sessionId } = connection.session;
    const ended = await this.#rooms.findEndedSessions({ sessionIds: [sessionId] });
    if (ended.sessionIds.length === 0) return;
    connection.close('sessionEnded');
    throw new ParleyError('unauthenticated', 'You have been signed out. Sign in again.');
  }
}
