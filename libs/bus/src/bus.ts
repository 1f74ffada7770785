/**
 * Broadcast between processes. Messages are hints: they may be lost, repeated or reordered, and every subscriber repairs
 * losses from the database.
 */
export interface Bus {
  /**
   * Delivers the payload to the subscribers of the channel. Rejects with BusUnavailableError when the broker has not
   * accepted it within 200 ms; it is not queued.
   */
  publish(channel: string, payload: Buffer): Promise<void>;

  /** Holds from now until close, over every reconnect. Several subscriptions to a channel share one at the broker. */
  subscribe(channel: string, listener: (payload: Buffer) => void): Subscription;

  /**
   * Calls the listener when messages may have been lost and all channels are acknowledged again: the moment to compare
   * with the database. Returns a function that removes the listener.
   */
  onRestored(listener: () => void): () => void;

  close(): Promise<void>;
}

export interface Subscription {
  /**
   * Resolves when the broker has confirmed the subscription: messages published from then on arrive. Rejects with
   * BusUnavailableError after 1 s without a confirmation; the subscription is still retried, and onRestored reports when
   * it holds.
   */
  readonly acknowledged: Promise<void>;
  close(): void;
}

export class BusUnavailableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BusUnavailableError';
  }
}

/** Injection token of the Bus. */
export const BUS = Symbol('Bus');
