import { Inject, Injectable } from '@nestjs/common';
import { BUS, type Bus, type Subscription } from '@parley/bus';
import { decodeUserBroadcast, userChannel, type SessionId, type UserBroadcast } from '@parley/contracts';
import type { UserId } from '@parley/protocol';
import type { Connection } from './connection.ts';

/** A user with at least one connection to this gateway. */
export interface LocalUser {
  readonly userId: UserId;
  readonly subscription: Subscription;
  readonly connections: Set<Connection>;
  /** The latest roomsVersion that the bus announced. */
  hintedVersion: number;
}

/** The users connected to this gateway, and the bus subscriptions of their channels. */
@Injectable()
export class LocalUsers {
  readonly #bus: Bus;
  readonly #users = new Map<UserId, LocalUser>();
  readonly #roomsChangedListeners = new Set<(userId: UserId) => void>();

  constructor(@Inject(BUS) bus: Bus) {
    this.#bus = bus;
  }

  /** Calls the listener when the bus announces that a user's memberships changed. Returns its unsubscribe. */
  onRoomsChanged(listener: (userId: UserId) => void): () => void {
    this.#roomsChangedListeners.add(listener);
    return () => {
      this.#roomsChangedListeners.delete(listener);
    };
  }

  add(connection: Connection): LocalUser {
    const user = this.#users.get(connection.userId) ?? this.#subscribe(connection.userId);
    user.connections.add(connection);
    return user;
  }

  remove(connection: Connection): void {
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
      this.#receive(user, decodeUserBroadcast(payload));
    });
    const user: LocalUser = { userId, subscription, connections: new Set(), hintedVersion: 0 };
    this.#users.set(userId, user);
    return user;
  }

  #receive(user: LocalUser, broadcast: UserBroadcast): void {
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
          const isOpen = connection.subscriptions.get(reading.roomId)?.isOpen ?? false;
          if (isOpen) connection.sendEvent({ event, data: { userId, ...reading } });
        }
      }
    }
  }
}
