import { MemoryBus, type Bus, type Subscription } from '@parley/bus';

/** A bus that loses what is published while `losing` is set. */
export class LossyBus implements Bus {
  losing = false;
  readonly #bus = new MemoryBus();
  readonly #restored = new Set<() => void>();

  async publish(channel: string, payload: Buffer): Promise<void> {
    if (!this.losing) await this.#bus.publish(channel, payload);
  }

  subscribe(channel: string, listener: (payload: Buffer) => void): Subscription {
    return this.#bus.subscribe(channel, listener);
  }

  onRestored(listener: () => void): () => void {
    this.#restored.add(listener);
    return () => this.#restored.delete(listener);
  }

  /** Delivers again, and reports to the onRestored listeners. */
  restore(): void {
    this.losing = false;
    for (const listener of this.#restored) listener();
  }

  close(): Promise<void> {
    return this.#bus.close();
  }
}
