import { BusUnavailableError, type Bus, type Subscription } from '@parley/bus';
import type { Random } from './seeded-random.ts';

/** How often each fault befalls a message on its way to a subscriber, 0 to 1. */
export interface BusFaults {
  readonly loss: number;
  readonly repetition: number;
  /** It comes after messages that were published later; after the last of all it does not come. */
  readonly delay: number;
}

/** So many later messages overtake a delayed one, at most. */
const OVERTAKEN_AT_MOST = 4;

interface Delayed {
  overtakers: number;
  readonly deliver: () => void;
}

/** One process's end of a bus that does everything that the port allows a bus to do. */
export class FaultyBus implements Bus {
  readonly #bus: Bus;
  readonly #random: Random;
  readonly #restored = new Set<() => void>();
  readonly #faults: BusFaults;
  #delayed: Delayed[] = [];
  #isCut = false;

  constructor(bus: Bus, faults: BusFaults, random: Random) {
    this.#bus = bus;
    this.#faults = faults;
    this.#random = random;
  }

  publish(channel: string, payload: Buffer): Promise<void> {
    if (this.#isCut) return Promise.reject(new BusUnavailableError('The bus is cut.'));
    return this.#bus.publish(channel, payload);
  }

  subscribe(channel: string, listener: (payload: Buffer) => void): Subscription {
    let open = true;
    const subscription = this.#bus.subscribe(channel, (payload) => {
      this.#pass(() => {
        if (open) listener(payload);
      });
    });
    return {
      acknowledged: subscription.acknowledged,
      close() {
        open = false;
        subscription.close();
      },
    };
  }

  onRestored(listener: () => void): () => void {
    this.#restored.add(listener);
    return () => this.#restored.delete(listener);
  }

  /** The broker cannot be reached: until restore, nothing is taken and nothing comes. */
  cut(): void {
    this.#isCut = true;
    this.#delayed = [];
  }

  restore(): void {
    if (!this.#isCut) return;
    this.#isCut = false;
    for (const listener of this.#restored) listener();
  }

  /** The inner bus is shared, and stays open. */
  close(): Promise<void> {
    this.cut();
    this.#restored.clear();
    return Promise.resolve();
  }

  #pass(deliver: () => void): void {
    const { loss, repetition, delay } = this.#faults;
    if (this.#isCut) return;
    if (this.#random() >= loss) {
      const copies = this.#random() < repetition ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        if (this.#random() < delay) this.#hold(deliver);
        else deliver();
      }
    }
    this.#overtake();
  }

  #hold(deliver: () => void): void {
    // One more, since the message itself is the first that passes.
    this.#delayed.push({ overtakers: 2 + Math.floor(this.#random() * OVERTAKEN_AT_MOST), deliver });
  }

  #overtake(): void {
    const due: Delayed[] = [];
    for (const delayed of this.#delayed) {
      delayed.overtakers -= 1;
      if (delayed.overtakers === 0) due.push(delayed);
    }
    this.#delayed = this.#delayed.filter((delayed) => delayed.overtakers > 0);
    for (const { deliver } of due) deliver();
  }
}
