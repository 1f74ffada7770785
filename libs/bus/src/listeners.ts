export type Listener = (payload: Buffer) => void;

/** Those who listen to one channel. The same function may be added more than once. */
export class Listeners {
  private readonly entries = new Set<{ readonly listener: Listener }>();

  get size(): number {
    return this.entries.size;
  }

  /** Returns its removal, which may be called again. */
  add(listener: Listener): () => void {
    const entry = { listener };
    this.entries.add(entry);
    return () => void this.entries.delete(entry);
  }

  /** What one listener throws goes to onError and reaches neither its neighbours nor the caller. */
  call(payload: Buffer, onError: (error: unknown) => void): void {
    for (const { listener } of [...this.entries]) {
      try {
        listener(payload);
      } catch (error) {
        onError(error);
      }
    }
  }
}
