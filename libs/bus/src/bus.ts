/**
 * Broadcast between processes. A hint, never the truth: what is published may be lost, repeated or reordered, and every
 * user of it repairs from the database.
 */
export interface Bus {
  /**
   * Hands the payload to the subscribers of the channel. Rejects with BusUnavailableError when the broker has not taken
   * it within 200 ms; nothing is queued for later.
   */
  publish(channel: string, payload: Buffer): Promise<void>;

  /** The channel is wanted from now until close, over every reconnect. Several subscriptions to a channel share it. */
  subscribe(channel: string, listener: (payload: Buffer) => void): Subscription;

  /**
   * Called whenever messages may have been lost and all wanted channels have been acknowledged anew: the moment to
   * compare with the database. Returns its unsubscribe.
   */
  onRestored(listener: () => void): () => void;

  close(): Promise<void>;
}

export interface Subscription {
  /**
   * Resolves when the broker has confirmed it: what is published from then on arrives. Rejects with BusUnavailableError
   * after 1 s without; the subscription stays wanted all the same and onRestored tells when it holds.
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
