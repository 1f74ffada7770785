import type { Clock } from '../../domain/clock.ts';
import type { Channel } from '../protocol/channel.ts';
import { engineLock, type Locks, type Release } from '../protocol/locks.ts';

/** So long an engine that works has to give way or to object; then it is taken for dead, and its lock is taken. */
const YIELD_MS = 2_000;

export interface TakeoverEnvironment {
  readonly userId: string;
  /** Milliseconds since the epoch at which this build was made. */
  readonly build: number;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly channel: Channel;
}

/** The right to work, of which there is one for each person in a browser, and how builds hand it on. */
export class Takeover {
  readonly #environment: TakeoverEnvironment;
  /** The present wait for the lock, if any. */
  #waiting: AbortController | null = null;
  /** Whoever holds the lock has said that it stays, or is a newer build that this one gave way to. */
  #isRightful = false;

  constructor(environment: TakeoverEnvironment) {
    this.#environment = environment;
  }

  /**
   * Resolves once this engine may work: an older build is asked to give way, a silent holder is robbed.
   * @param onLost the right was taken away by another engine
   */
  async acquire(onLost: () => void): Promise<Release> {
    const { userId, build, clock, locks, channel } = this.#environment;
    const waiting = (this.#waiting = new AbortController());
    const steal = (): void => (this.#isRightful ? undefined : waiting.abort());
    const queued = locks.acquire(engineLock(userId), { signal: waiting.signal, onLost });
    channel.postMessage({ wanted: build });
    const cancel = clock.after(YIELD_MS, steal);
    try {
      return await queued.catch(() => locks.acquire(engineLock(userId), { steal: true, onLost }));
    } finally {
      cancel();
      this.#waiting = null;
      this.#isRightful = false;
      channel.postMessage({ kept: build });
    }
  }

  /** Another engine wants to work. @returns whether this one, if it works, is to let it */
  wanted(build: number): boolean {
    const { build: own, channel } = this.#environment;
    if (build > own) {
      this.#isRightful = true;
      return true;
    }
    // Of two that wait and are of one build neither is in the right.
    if (build < own || !this.#waiting) channel.postMessage({ kept: own });
    return false;
  }

  kept(build: number): void {
    if (build >= this.#environment.build) this.#isRightful = true;
  }
}
