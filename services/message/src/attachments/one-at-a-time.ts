/** There is no more room to wait. */
export class QueueFullError extends Error {}

/** Runs one task after the other; so many may wait, and the next is refused. */
export class OneAtATime {
  readonly #waitingAtMost: number;
  #unfinished = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(waitingAtMost: number) {
    this.#waitingAtMost = waitingAtMost;
  }

  /** Rejects with QueueFullError, or with what the task rejects with. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#unfinished > this.#waitingAtMost) return Promise.reject(new QueueFullError());
    this.#unfinished += 1;
    const result = this.#last.then(task).finally(() => (this.#unfinished -= 1));
    this.#last = result.catch(() => undefined);
    return result;
  }
}
