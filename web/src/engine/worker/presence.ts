import { LIMITS, type Presence, type UserId } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import type { ServerConnection } from './server-connection.ts';
import { ConnectionLost, Refused } from './failures.ts';
import type { Publish } from './engine-events.ts';

/** Tabs report the users they show while the user scrolls: they are requested together. */
const BATCH_MS = 150;
/** The server does not push presence in large rooms: the users on the screen are requested this often. */
const RENEW_MS = 30_000;

export interface PresenceEnvironment {
  readonly clock: Clock;
  readonly connection: ServerConnection;
  readonly publish: Publish;
}

interface Watch {
  readonly userIds: readonly UserId[];
  readonly pushed: boolean;
}

/** Presence of users: pushed by the server, or requested for the users on the screen. */
export class PresenceWatch {
  readonly #environment: PresenceEnvironment;
  readonly #known = new Map<UserId, Presence>();
  /** The users that each tab shows. */
  readonly #tabs = new Map<string, Watch>();
  /** When each was last requested over the current connection. */
  readonly #askedAt = new Map<UserId, number>();
  #cancel: Cancel | null = null;

  constructor(environment: PresenceEnvironment) {
    this.#environment = environment;
  }

  all(): readonly Presence[] {
    return [...this.#known.values()];
  }

  changed(presence: Presence): void {
    this.#known.set(presence.userId, presence);
    this.#environment.publish({ kind: 'presence', replace: false, presence: [presence] });
  }

  /** Replaces the users that a tab shows. */
  watch(tabId: string, watch: Watch): void {
    this.#tabs.set(tabId, watch);
    this.#askIn(BATCH_MS);
  }

  tabClosed(tabId: string): void {
    this.#tabs.delete(tabId);
  }

  /** After a new connection the shown users are requested again, and the others are forgotten. */
  connected(): void {
    const shown = new Set([...this.#tabs.values()].flatMap(({ userIds }) => userIds));
    for (const userId of this.#known.keys()) if (!shown.has(userId)) this.#known.delete(userId);
    this.#environment.publish({ kind: 'presence', replace: true, presence: this.all() });
    this.#askedAt.clear();
    if (shown.size > 0) this.#askIn(BATCH_MS);
  }

  #askIn(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#environment.clock.after(ms, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const { clock, connection, publish } = this.#environment;
    this.#cancel = null;
    const now = clock.now();
    const due = this.#due(now).slice(0, LIMITS.usersPerPresence);
    if (due.length === 0 || !connection.isOnline) return this.#renewLater();
    for (const userId of due) this.#askedAt.set(userId, now);
    try {
      const { presence } = await connection.request('get_presence', { userIds: due });
      for (const each of presence) this.#known.set(each.userId, each);
      publish({ kind: 'presence', replace: false, presence });
      this.#askIn(BATCH_MS);
    } catch (failure) {
      if (!(failure instanceof Refused) && !(failure instanceof ConnectionLost)) throw failure;
      this.#renewLater();
    }
  }

  /** Shown users that were never requested, or whose presence is not pushed and was requested too long ago. */
  #due(now: number): readonly UserId[] {
    const due = new Set<UserId>();
    for (const { userIds, pushed } of this.#tabs.values()) {
      for (const userId of userIds) {
        const askedAt = this.#askedAt.get(userId);
        if (askedAt === undefined || (!pushed && now - askedAt >= RENEW_MS)) due.add(userId);
      }
    }
    return [...due];
  }

  #renewLater(): void {
    const isAsking = [...this.#tabs.values()].some(({ pushed, userIds }) => !pushed && userIds.length > 0);
    if (isAsking && !this.#cancel) this.#askIn(RENEW_MS);
  }
}
