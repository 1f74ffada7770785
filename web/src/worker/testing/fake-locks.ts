import type { Locks, Release } from '../lock.ts';

interface Waiter {
  grant(): void;
}

/** The locks of a browser, in memory, first come first served. */
export class FakeLocks implements Locks {
  readonly #queues = new Map<string, Waiter[]>();

  acquire(name: string, signal?: AbortSignal): Promise<Release> {
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      const waiter: Waiter = { grant: () => resolve(() => this.#leave(queue, waiter)) };
      queue.push(waiter);
      if (queue.length === 1) waiter.grant();
      signal?.addEventListener('abort', () => {
        if (queue[0] === waiter) return;
        this.#leave(queue, waiter);
        reject(new DOMException('The request was aborted.', 'AbortError'));
      });
    });
  }

  isHeld(name: string): boolean {
    return (this.#queues.get(name)?.length ?? 0) > 0;
  }

  /** What the browser does when the holder ends without a word. */
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
