import { Inject, Injectable } from '@nestjs/common';
import { BUS, type Bus, type Subscription } from '@parley/bus';
import { decodeUserBroadcast, userChannel, type SessionId, type UserBroadcast } from '@parley/contracts';
import type { UserId } from '@parley/protocol';
import type { Connection } from './connection.ts';

/** A person with at least one connection to this gateway. */
export interface LocalUser {
  readonly userId: UserId;
  readonly subscription: Subscription;
  readonly connections: Set<Connection>;
  /** The latest roomsVersion that was heard of on the bus. */
  hintedVersion: number;
}

/** Who is connected to this gateway; their channels are subscribed for as long. */
@Injectable()
export class LocalUsers {
  readonly #bus: Bus;
  readonly #users = new Map<UserId, LocalUser>();

  readonly #roomsChangedListeners = new Set<(userId: UserId) => void>();

  constructor(@Inject(BUS) bus: Bus) {
    this.#bus = bus;
  }

  /** Called when the bus says that somebody's memberships have changed. Returns its unsubscribe. */
  onRoomsChanged(listener: (userId: UserId) => void): () => void {
    this.#roomsChangedListeners.add(listener);
    return () => {
      this.#roomsChangedListeners.delete(listener);
    };
  }

  enter(connection: Connection): LocalUser {
    const user = this.#users.get(connection.userId) ?? this.#subscribe(connection.userId);
    user.connections.add(connection);
    return user;
  }

  leave(connection: Connection): void {
    const user = this.#users.get(connection.userId);
    if (user === undefined || !user.connections.delete(connection) || user.connections.size > 0) return;
    this.#users.delete(user.userId);
    user.subscription.close();
  }

  get(userId: UserId): LocalUser | undefined {
    return this.#users.get(userId);
  }

  all(): LocalUser[] {
    return [...this.#users.values()];
  }

  endSessions({ connections }: Pick<LocalUser, 'connections'>, sessionIds: ReadonlySet<SessionId>): void {
    for (const connection of connections) {
      if (sessionIds.has(connection.session.sessionId)) connection.close('sessionEnded');
    }
  }

  #subscribe(userId: UserId): LocalUser {
    const subscription = this.#bus.subscribe(userChannel(userId), (payload) => {
      this.#hear(user, decodeUserBroadcast(payload));
    });
    const user: LocalUser = { userId, subscription, connections: new Set(), hintedVersion: 0 };
    this.#users.set(userId, user);
    return user;
  }

  #hear(user: LocalUser, broadcast: UserBroadcast): void {
    switch (broadcast.kind) {
      case 'session_ended':
        this.endSessions(user, new Set([broadcast.sessionId]));
        break;
      case 'rooms_changed':
        user.hintedVersion = Math.max(user.hintedVersion, broadcast.roomsVersion);
        for (const listener of this.#roomsChangedListeners) listener(user.userId);
        break;
      case 'room_read': {
        const { kind: event, ...reading } = broadcast;
        const { userId } = user;
        for (const connection of user.connections) {
          const isOpen = connection.seats.get(reading.roomId)?.isOpen ?? false;
          if (isOpen) connection.tell({ event, data: { userId, ...reading } });
        }
      }
    }
  }
}
