import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, ROOM_API, type RoomApi } from '@parley/contracts';
import { RoomSummaries, type RoomsPage } from '../rooms/room-summaries.ts';
import type { Connection } from './connection.ts';
import { LocalUsers } from './local-users.ts';
import { RoomSync } from './room-sync.ts';
import { Seating } from './seating.ts';

export interface JoinedRooms extends RoomsPage {
  readonly roomsVersion: number;
  /** Of the data; missing where a room service of the release before answered. */
  readonly epoch?: string;
  /** To be called when the answer has been queued: from then on the client gets what happened since. */
  readonly complete: () => void;
}

/** Brings a connection into its rooms so that between what it is told at first and what comes live nothing is missing. */
@Injectable()
export class Joining {
  readonly #rooms: Pick<RoomApi, 'findEndedSessions' | 'getMemberships'>;
  readonly #summaries: RoomSummaries;
  readonly #seating: Seating;
  readonly #users: LocalUsers;
  readonly #sync: RoomSync;
  constructor(
    @Inject(ROOM_API) rooms: Pick<RoomApi, 'findEndedSessions' | 'getMemberships'>,
    summaries: RoomSummaries,
    seating: Seating,
    users: LocalUsers,
    sync: RoomSync,
  ) {
    this.#rooms = rooms;
    this.#summaries = summaries;
    this.#seating = seating;
    this.#users = users;
    this.#sync = sync;
  }

  /** Rejects with `unauthenticated`, having closed the connection, if the session has ended, or with `unavailable`. */
  async join(connection: Connection): Promise<JoinedRooms> {
    connection.enter({ name: 'joining' });
    try {
      return await this.#join(connection);
    } catch (error) {
      this.#seating.clear(connection);
      connection.enter({ name: 'opened' });
      throw error;
    }
  }

  /**
   * The order is what makes it safe: the person's channel before the session and the memberships, the rooms' channels
   * before their heads. What changes after a reading is then heard of, or, if the bus is down, found by the next check.
   */
  async #join(connection: Connection): Promise<JoinedRooms> {
    const user = this.#users.enter(connection);
    await Promise.allSettled([user.subscription.acknowledged]);
    await this.#checkSession(connection);
    const { roomsVersion, memberships, epoch } = await this.#rooms.getMemberships({ userId: user.userId });
    const roomIds = memberships.map(({ roomId }) => roomId);
    await this.#seating.take(connection, roomIds);
    const heads = await this.#summaries.readHeads(roomIds);
    const page = await this.#summaries.page(user.userId, memberships, heads);
    const complete = (): void => {
      connection.enter({ name: 'joined', roomsVersion });
      for (const roomId of roomIds) this.#seating.open(connection, roomId, heads.get(roomId)?.seq ?? 0);
      if (user.hintedVersion > roomsVersion) this.#sync.hint(user.userId);
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
