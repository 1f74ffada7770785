import { LIMITS, type Presence, type UserId } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost, Refused } from './failures.ts';
import type { Publish } from './hub.ts';

/** Tabs say what they show as one scrolls: it is asked for together. */
const GATHER_MS = 150;
/** In large rooms nobody is told of changes: what is on the screen is asked for again so often. */
const RENEW_MS = 30_000;

export interface PresenceEnvironment {
  readonly clock: Clock;
  readonly connection: Connection;
  readonly publish: Publish;
}

interface Watch {
  readonly userIds: readonly UserId[];
  readonly pushed: boolean;
}

/** Who is there: what the server tells by itself, and what it is asked about the people on the screen. */
export class PresenceWatch {
  readonly #environment: PresenceEnvironment;
  readonly #known = new Map<UserId, Presence>();
  /** What each tab shows. */
  readonly #tabs = new Map<string, Watch>();
  /** When they were asked for over the present connection. */
  readonly #askedAt = new Map<UserId, number>();
  #cancel: Cancel | null = null;

  constructor(environment: PresenceEnvironment) {
    this.#environment = environment;
  }

  all(): readonly Presence[] {
    return [...this.#known.values()];
  }

  heard(presence: Presence): void {
    this.#known.set(presence.userId, presence);
    this.#environment.publish({ kind: 'presence', replace: false, presence: [presence] });
  }

  /** What a tab shows now, in the place of what it showed before. */
  watch(tabId: string, watch: Watch): void {
    this.#tabs.set(tabId, watch);
    this.#askIn(GATHER_MS);
  }

  tabEnded(tabId: string): void {
    this.#tabs.delete(tabId);
  }

  /** Over a new connection what is shown is asked for anew, and of the others nothing is known. */
  online(): void {
    const shown = new Set([...this.#tabs.values()].flatMap(({ userIds }) => userIds));
    for (const userId of this.#known.keys()) if (!shown.has(userId)) this.#known.delete(userId);
    this.#environment.publish({ kind: 'presence', replace: true, presence: this.all() });
    this.#askedAt.clear();
    if (shown.size > 0) this.#askIn(GATHER_MS);
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
      this.#askIn(GATHER_MS);
    } catch (failure) {
      if (!(failure instanceof Refused) && !(failure instanceof ConnectionLost)) throw failure;
      this.#renewLater();
    }
  }

  /** Those on a screen that were never asked for, or that nobody tells of and that were asked for long ago. */
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
