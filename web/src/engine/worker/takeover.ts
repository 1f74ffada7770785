import type { Clock } from '../../domain/clock.ts';
import type { Channel } from '../protocol/channel.ts';
import { engineLock, type Locks, type Release } from '../protocol/locks.ts';

/** How long a working engine may take to give way or to object; then its lock is stolen. */
const GIVE_WAY_MS = 2_000;

export interface TakeoverEnvironment {
  readonly userId: string;
  /** Milliseconds since the epoch at which this build was made. */
  readonly build: number;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly channel: Channel;
}

/** Acquires the user's engine lock, and decides between builds which engine works. */
export class Takeover {
  readonly #environment: TakeoverEnvironment;
  /** The current wait for the lock, if any. */
  #waiting: AbortController | null = null;
  /** The holder of the lock has objected, or is a newer build to which this one gave way. */
  #isHolderEntitled = false;

  constructor(environment: TakeoverEnvironment) {
    this.#environment = environment;
  }

  /**
   * Resolves once this engine may work: an older build gives way, an unresponsive holder's lock is stolen.
   * @param onLost called if another engine steals the lock
   */
  async acquire(onLost: () => void): Promise<Release> {
    const { userId, build, clock, locks, channel } = this.#environment;
    const waiting = (this.#waiting = new AbortController());
    const steal = (): void => (this.#isHolderEntitled ? undefined : waiting.abort());
    const queued = locks.acquire(engineLock(userId), { signal: waiting.signal, onLost });
    channel.postMessage({ wanted: build });
    const cancel = clock.after(GIVE_WAY_MS, steal);
    try {
      return await queued.catch(() => locks.acquire(engineLock(userId), { steal: true, onLost }));
    } finally {
      cancel();
      this.#waiting = null;
      this.#isHolderEntitled = false;
      channel.postMessage({ kept: build });
    }
  }

  /** Another engine wants to work. @returns whether this one, if it works, has to give way */
  wanted(build: number): boolean {
    const { build: own, channel } = this.#environment;
    if (build > own) {
      this.#isHolderEntitled = true;
      return true;
    }
    // Of two waiting engines of the same build neither objects.
    if (build < own || !this.#waiting) channel.postMessage({ kept: own });
    return false;
  }

  kept(build: number): void {
    if (build >= this.#environment.build) this.#isHolderEntitled = true;
  }
}
