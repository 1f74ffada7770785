interface Run {
  readonly current: Promise<void>;
  next?: Promise<void>;
}

/**
 * Runs a task at most once at a time for each key. Calls that come while it runs share one further run, which starts
 * afterwards: so every caller gets a run that started after its call. Without a key there is one task.
 */
export class CoalescedRuns<Key = void> {
  readonly #task: (key: Key) => Promise<void>;
  readonly #runs = new Map<Key, Run>();

  constructor(task: (key: Key) => Promise<void>) {
    this.#task = task;
  }

  /** Settles as the run does that started after this call. */
  run(key: Key): Promise<void> {
    const run = this.#runs.get(key);
    if (!run) return this.#start(key);
    const start = (): Promise<void> => this.#start(key);
    run.next ??= run.current.then(start, start);
    return run.next;
  }

  async #start(key: Key): Promise<void> {
    const run: Run = { current: this.#task(key) };
    this.#runs.set(key, run);
    try {
      await run.current;
    } finally {
      if (!run.next) this.#runs.delete(key);
    }
  }
}
