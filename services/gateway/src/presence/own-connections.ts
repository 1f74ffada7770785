import type { ConnectionId, UserId } from '@parley/protocol';
import type { OwnConnection } from './connection-record.ts';

/** What presence sees of a connection. */
export interface PresentConnection {
  readonly connectionId: ConnectionId;
  readonly userId: UserId;
}

interface Held {
  away: boolean;
  /** It is closed, and counts until this has been called or its time is up. */
  cancelLingering?: () => void;
}

/** The connections of this gateway's people, those that closed a moment ago among them. */
export class OwnConnections {
  readonly #people = new Map<UserId, Map<ConnectionId, Held>>();

  /** Whoever comes back is not on the way out any more. */
  enter({ userId, connectionId }: PresentConnection): void {
    const held = this.#people.get(userId) ?? new Map<ConnectionId, Held>();
    this.#people.set(userId, held);
    for (const [id, { cancelLingering }] of held) {
      if (cancelLingering === undefined) continue;
      cancelLingering();
      held.delete(id);
    }
    held.set(connectionId, { away: false });
  }

  /** false: it is not there, or says so already. */
  setAway({ userId, connectionId }: PresentConnection, away: boolean): boolean {
    const held = this.#people.get(userId)?.get(connectionId);
    if (held === undefined || held.away === away) return false;
    held.away = away;
    return true;
  }

  linger({ userId, connectionId }: PresentConnection, cancel: () => void): void {
    const held = this.#people.get(userId)?.get(connectionId);
    if (held !== undefined) held.cancelLingering = cancel;
  }

  remove({ userId, connectionId }: PresentConnection): void {
    const held = this.#people.get(userId);
    held?.delete(connectionId);
    if (held?.size === 0) this.#people.delete(userId);
  }

  of(userId: UserId): OwnConnection[] {
    return [...(this.#people.get(userId) ?? [])].map(([connectionId, { away }]) => ({ connectionId, away }));
  }

  get userIds(): UserId[] {
    return [...this.#people.keys()];
  }

  /** Nothing lingers any more. */
  clear(): void {
    for (const held of this.#people.values()) for (const { cancelLingering } of held.values()) cancelLingering?.();
    this.#people.clear();
  }
}
