/** How long clients hear nothing, in milliseconds of the clock that is passed in. */
export class SilenceMeter {
  readonly #now: () => number;
  readonly #lastHeard = new Map<string, number>();
  #longest = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** From here on; what was before does not count. */
  begin(clients: readonly string[]): void {
    const now = this.#now();
    for (const client of clients) this.#lastHeard.set(client, now);
    this.#longest = 0;
  }

  heard(client: string): void {
    const now = this.#now();
    this.#longest = Math.max(this.#longest, now - (this.#lastHeard.get(client) ?? now));
    this.#lastHeard.set(client, now);
  }

  /** The longest time that one of them waited for what came next. */
  get longestMs(): number {
    return this.#longest;
  }
}
