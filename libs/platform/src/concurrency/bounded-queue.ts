export interface QueueBounds {
  /** Tasks that run at the same time. */
  readonly concurrency: number;
  /** Tasks that wait for their turn. */
  readonly maxWaiting: number;
  /** The error for a task that comes when so many wait. */
  readonly fullError: () => Error;
}

/** Runs tasks in the order they came, a bounded number at a time; rejects tasks when too many wait. */
export class BoundedQueue {
  readonly #bounds: QueueBounds;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  /** No task runs or waits. */
  get idle(): boolean {
    return this.#running === 0;
  }

  /** Settles as the task does; rejects with fullError(), without running the task, when too many wait. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    await this.#start();
    try {
      return await task();
    } finally {
      this.#finish();
    }
  }

  async #start(): Promise<void> {
    if (this.#running < this.#bounds.concurrency) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#bounds.maxWaiting) throw this.#bounds.fullError();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The task that waited longest takes over the running task's slot. */
  #finish(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}

/** A BoundedQueue for each key: tasks of different keys do not wait for each other. */
export class KeyedQueue<Key> {
  readonly #bounds: QueueBounds;
  readonly #queues = new Map<Key, BoundedQueue>();

  /** The bounds apply to each key. */
  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  async run<Result>(key: Key, task: () => Promise<Result>): Promise<Result> {
    const queue = this.#queues.get(key) ?? new BoundedQueue(this.#bounds);
    this.#queues.set(key, queue);
    try {
      return await queue.run(task);
    } finally {
      if (queue.idle) this.#queues.delete(key);
    }
  }
}
