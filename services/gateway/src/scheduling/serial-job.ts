/**
 * Runs a job never twice at the same time. Whoever asks while it runs gets a run that began after the asking, shared
 * with all who ask meanwhile.
 */
export class SerialJob {
  readonly #job: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(job: () => Promise<void>) {
    this.#job = job;
  }

  /** Rejects with what the job rejects with. */
  run(): Promise<void> {
    if (this.#running === undefined) {
      this.#running = this.#job().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    const again = (): Promise<void> => {
      this.#next = undefined;
      return this.run();
    };
    this.#next ??= this.#running.then(again, again);
    return this.#next;
  }
}
