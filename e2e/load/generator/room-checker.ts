/** So many of a room's messages may be under way: in the whole log of a room no more are remembered. */
const REMEMBERED = 1 << 16;

/** What has arrived is not what was sent. */
class DeliveryFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DeliveryFault';
  }
}

/**
 * Checks that every member of a room receives each message once and in the same order. The first member to receive its
 * n-th message decides which message that is; the n-th message of every other member must be the same.
 */
export class RoomChecker {
  readonly #receivers: number;
  readonly #senders: number;
  /** Number of the message at each place of the order, and how many have yet to get it; rings. */
  readonly #order = new Int32Array(REMEMBERED);
  readonly #missing = new Int32Array(REMEMBERED);
  /** Numbers between the first that has not arrived anywhere and the last that has. */
  readonly #early = new Set<number>();
  readonly #lastOfSender: Int32Array;
  #nextNumber = 0;
  #arrived = 0;
  #complete = 0;

  /** Message n is sent by sender n % senders. */
  constructor(receivers: number, senders: number) {
    this.#receivers = receivers;
    this.#senders = senders;
    this.#lastOfSender = new Int32Array(senders).fill(-1);
  }

  /** Messages that have reached everybody. */
  get complete(): number {
    return this.#complete;
  }

  /** Messages that have reached at least one member. */
  get arrived(): number {
    return this.#arrived;
  }

  /** The receiver that has had `place` messages gets this one. Returns whether it was the last to. Throws DeliveryFault. */
  deliver(place: number, number: number): boolean {
    if (place === this.#arrived) this.#arriveFirst(number);
    const at = place % REMEMBERED;
    if (this.#order[at] !== number || this.#arrived - place > REMEMBERED) {
      throw new DeliveryFault(
        `A member's delivery ${place} was message ${number}, where others got ${this.#order[at]}: lost, doubled or swapped.`,
      );
    }
    return this.#count(at);
  }

  /** The same for one whose bytes are those of a delivery at the same place that `deliver` has seen. */
  deliverSame(place: number): boolean {
    return this.#count(place % REMEMBERED);
  }

  /** Throws DeliveryFault unless everybody has all of so many messages. */
  finish(sent: number): void {
    if (this.#arrived === sent && this.#complete === sent) return;
    throw new DeliveryFault(
      `Of ${sent} messages ${this.#arrived} reached a member and ${this.#complete} everybody: the rest is lost.`,
    );
  }

  #count(at: number): boolean {
    const missing = (this.#missing[at] ?? 0) - 1;
    this.#missing[at] = missing;
    if (missing < 0) throw new DeliveryFault('More deliveries than members: doubled.');
    if (missing > 0) return false;
    this.#complete += 1;
    return true;
  }

  #arriveFirst(number: number): void {
    if (number < this.#nextNumber || this.#early.has(number)) throw new DeliveryFault(`Message ${number} came twice.`);
    const sender = number % this.#senders;
    if (number < (this.#lastOfSender[sender] ?? -1)) {
      throw new DeliveryFault(`Message ${number} came after a later one of its own sender.`);
    }
    this.#lastOfSender[sender] = number;
    this.#early.add(number);
    while (this.#early.delete(this.#nextNumber)) this.#nextNumber += 1;
    const at = this.#arrived % REMEMBERED;
    if ((this.#missing[at] ?? 0) > 0) throw new DeliveryFault(`A member is ${REMEMBERED} messages behind.`);
    this.#order[at] = number;
    this.#missing[at] = this.#receivers;
    this.#arrived += 1;
  }
}
