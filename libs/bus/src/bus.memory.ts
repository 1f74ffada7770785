import type { Bus, Subscription } from './bus.ts';
import { Listeners, type Listener } from './listeners.ts';

/** The bus of a single process. It loses nothing. Listeners receive the published Buffer itself and must not change it. */
export class MemoryBus implements Bus {
  readonly #channels = new Map<string, Listeners>();
  readonly #onError: (error: unknown) => void;

  /** `onError` is called with errors that listeners throw; by default the process emits a warning. */
  constructor({ onError = warn }: { onError?: (error: unknown) => void } = {}) {
    this.#onError = onError;
  }

  publish(channel: string, payload: Buffer): Promise<void> {
    // Asynchronously, as a broker does: listeners run after the publisher's own code.
    queueMicrotask(() => this.#channels.get(channel)?.call(payload, this.#onError));
    return Promise.resolve();
  }

  subscribe(channel: string, listener: Listener): Subscription {
    const listeners = this.#channels.get(channel) ?? new Listeners();
    this.#channels.set(channel, listeners);
    const remove = listeners.add(listener);
    return {
      acknowledged: Promise.resolve(),
      close: () => {
        remove();
        if (listeners.size === 0) this.#channels.delete(channel);
      },
    };
  }

  /** The listener is never called, because nothing is lost. */
  onRestored(_listener: () => void): () => void {
    return () => undefined;
  }

  close(): Promise<void> {
    this.#channels.clear();
    return Promise.resolve();
  }
}

const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error));
