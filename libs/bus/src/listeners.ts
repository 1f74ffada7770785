export type Listener = (payload: Buffer) => void;

/** The listeners of one channel. The same function may be added more than once. */
export class Listeners {
  readonly #entries = new Set<{ readonly listener: Listener }>();

  get size(): number {
    return this.#entries.size;
  }

  /** Returns a function that removes the listener; further calls of it have no effect. */
  add(listener: Listener): () => void {
    const entry = { listener };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** An error that a listener throws goes to onError, and the other listeners are called all the same. */
  call(payload: Buffer, onError: (error: unknown) => void): void {
    for (const { listener } of [...this.#entries]) {
      try {
        listener(payload);
      } catch (error) {
        onError(error);
      }
    }
  }
}
