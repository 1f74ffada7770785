interface Run {
  readonly current: Promise<void>;
  next?: Promise<void>;
}

/** Runs a task for a key never twice at once. All who ask while it runs share the one run after it. */
export class SharedRuns<Key> {
  readonly #runs = new Map<Key, Run>();
  readonly #task: (key: Key) => Promise<void>;

  constructor(task: (key: Key) => Promise<void>) {
    this.#task = task;
  }

  /** Resolves or rejects as a run does that began after the call. */
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
