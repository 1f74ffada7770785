import type { ConnectionId, UserId } from '@parley/protocol';
import type { LocalConnection } from './connection-registry.ts';

/** The part of a connection that presence uses. */
export interface PresenceConnection {
  readonly connectionId: ConnectionId;
  readonly userId: UserId;
}

interface ConnectionState {
  away: boolean;
  /** Set once the connection is closed: it still counts until LINGER_MS have passed. */
  cancelLingering?: () => void;
}

/** The connections of this gateway's users, including those that closed less than LINGER_MS ago. */
export class LocalConnections {
  readonly #users = new Map<UserId, Map<ConnectionId, ConnectionState>>();

  /** Removes the user's lingering connections, since the new one replaces them. */
  add({ userId, connectionId }: PresenceConnection): void {
    const held = this.#users.get(userId) ?? new Map<ConnectionId, ConnectionState>();
    this.#users.set(userId, held);
    for (const [id, { cancelLingering }] of held) {
      if (cancelLingering === undefined) continue;
      cancelLingering();
      held.delete(id);
    }
    held.set(connectionId, { away: false });
  }

  /** Returns whether anything changed. */
  setAway({ userId, connectionId }: PresenceConnection, away: boolean): boolean {
    const held = this.#users.get(userId)?.get(connectionId);
    if (held === undefined || held.away === away) return false;
    held.away = away;
    return true;
  }

  linger({ userId, connectionId }: PresenceConnection, cancel: () => void): void {
    const held = this.#users.get(userId)?.get(connectionId);
    if (held !== undefined) held.cancelLingering = cancel;
  }

  remove({ userId, connectionId }: PresenceConnection): void {
    const held = this.#users.get(userId);
    held?.delete(connectionId);
    if (held?.size === 0) this.#users.delete(userId);
  }

  of(userId: UserId): LocalConnection[] {
    return [...(this.#users.get(userId) ?? [])].map(([connectionId, { away }]) => ({ connectionId, away }));
  }

  get userIds(): UserId[] {
    return [...this.#users.keys()];
  }

  /** Removes all connections, lingering ones included. */
  clear(): void {
    for (const held of this.#users.values()) for (const { cancelLingering } of held.values()) cancelLingering?.();
    this.#users.clear();
  }
}
