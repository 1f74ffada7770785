/** Measures how long clients receive nothing, in milliseconds of the given clock. */
export class DeliveryGapMeter {
  readonly #now: () => number;
  readonly #lastDelivery = new Map<string, number>();
  #longest = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Starts a new measurement. */
  begin(clients: readonly string[]): void {
    const now = this.#now();
    for (const client of clients) this.#lastDelivery.set(client, now);
    this.#longest = 0;
  }

  delivered(client: string): void {
    const now = this.#now();
    this.#longest = Math.max(this.#longest, now - (this.#lastDelivery.get(client) ?? now));
    this.#lastDelivery.set(client, now);
  }

  /** The longest time between two deliveries to one client. */
  get longestMs(): number {
    return this.#longest;
  }
}
