import type { AcquireOptions, Locks, Release } from '../protocol/locks.ts';

interface Waiter {
  grant(): void;
  lose(): void;
}

/** The locks of a browser, in memory, first come first served. */
export class FakeLocks implements Locks {
  readonly #queues = new Map<string, Waiter[]>();

  acquire(name: string, { signal, steal, onLost }: AcquireOptions = {}): Promise<Release> {
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      const waiter: Waiter = {
        grant: () => resolve(() => this.#leave(queue, waiter)),
        lose: () => onLost?.(),
      };
      if (steal) queue.shift()?.lose();
      if (steal) queue.unshift(waiter);
      else queue.push(waiter);
      if (queue[0] === waiter) waiter.grant();
      signal?.addEventListener('abort', () => {
        if (queue[0] === waiter || !queue.includes(waiter)) return;
        this.#leave(queue, waiter);
        reject(new DOMException('The request was aborted.', 'AbortError'));
      });
    });
  }

  isHeld(name: string): boolean {
    return (this.#queues.get(name)?.length ?? 0) > 0;
  }

  /** Releases the lock of a holder that crashed. */
  breakHolder(name: string): void {
    const queue = this.#queues.get(name);
    if (queue?.[0]) this.#leave(queue, queue[0]);
  }

  #leave(queue: Waiter[], waiter: Waiter): void {
    const index = queue.indexOf(waiter);
    if (index < 0) return;
    queue.splice(index, 1);
    if (index === 0) queue[0]?.grant();
  }
}

/** The locks of one worker: all are released when it dies. */
export class WorkerLocks implements Locks {
  readonly #locks: Locks;
  readonly #held = new Map<string, Release>();
  readonly #life = new AbortController();

  constructor(locks: Locks) {
    this.#locks = locks;
  }

  /** A dead worker's callbacks do not run. */
  acquire(name: string, { signal, steal, onLost }: AcquireOptions = {}): Promise<Release> {
    const { signal: life } = this.#life;
    if (life.aborted) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      const lost = (): void => {
        if (this.#held.delete(name) && !life.aborted) onLost?.();
      };
      const waiting = steal ? { steal } : { signal: AbortSignal.any([life, ...(signal ? [signal] : [])]) };
      this.#locks.acquire(name, { ...waiting, onLost: lost }).then(
        (free) => {
          const release = (): void => {
            this.#held.delete(name);
            free();
          };
          this.#held.set(name, release);
          if (life.aborted) release();
          else resolve(release);
        },
        (failure: Error) => life.aborted || reject(failure),
      );
    });
  }

  holds(name: string): boolean {
    return this.#held.has(name);
  }

  die(): void {
    this.#life.abort();
    for (const release of this.#held.values()) release();
  }
}
