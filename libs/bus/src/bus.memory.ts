import type { Bus, Subscription } from './bus.ts';
import { Listeners, type Listener } from './listeners.ts';

/** The bus of a single process: loses nothing. Listeners get the published Buffer itself and must not change it. */
export class MemoryBus implements Bus {
  private readonly channels = new Map<string, Listeners>();
  private readonly onError: (error: unknown) => void;

  /** `onError` is told what listeners throw; by default that is a warning of the process. */
  constructor({ onError = warn }: { onError?: (error: unknown) => void } = {}) {
    this.onError = onError;
  }

  publish(channel: string, payload: Buffer): Promise<void> {
    // Later in this turn, as from a broker: the publisher has finished what it is doing when its listeners are called.
    queueMicrotask(() => this.channels.get(channel)?.call(payload, this.onError));
    return Promise.resolve();
  }

  subscribe(channel: string, listener: Listener): Subscription {
    const listeners = this.channels.get(channel) ?? new Listeners();
    this.channels.set(channel, listeners);
    const remove = listeners.add(listener);
    return {
      acknowledged: Promise.resolve(),
      close: () => {
        remove();
        if (listeners.size === 0) this.channels.delete(channel);
      },
    };
  }

  /** Nothing is ever lost, so the listener is never called. */
  onRestored(_listener: () => void): () => void {
    return () => undefined;
  }

  close(): Promise<void> {
    this.channels.clear();
    return Promise.resolve();
  }
}

const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error));
