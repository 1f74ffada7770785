import { ParleyError } from '@parley/contracts';

/** Tasks of one key that are not done yet; whoever comes after them would have given up before their turn. */
export const MAX_TASKS = 500;
const RETRY_AFTER_MS = 1_000;

/** Tasks of one key run one after another, in the order they came; those of different keys do not wait for each other. */
export class KeyedQueue<Key> {
  readonly #keys = new Map<Key, { last: Promise<unknown>; count: number }>();

  /** Resolves or rejects as the task does; `unavailable` when too many of the key wait already. */
  async run<Result>(key: Key, task: () => Promise<Result>): Promise<Result> {
    const queue = this.#keys.get(key) ?? { last: Promise.resolve(), count: 0 };
    if (queue.count >= MAX_TASKS) {
      throw new ParleyError('unavailable', 'Too much is happening in this room just now. Try again in a moment.', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    this.#keys.set(key, queue);
    queue.count += 1;
    const run = queue.last.then(task, task);
    queue.last = run;
    try {
      return await run;
    } finally {
      queue.count -= 1;
      if (queue.count === 0) this.#keys.delete(key);
    }
  }
}
