import type { RoomEvent } from '@parley/protocol';

/** Consecutive entries of one room's log, serialised as the inside of a JSON array. */
export interface Batch {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly body: Buffer;
  /** Some entries change the room's members. Only such a batch is parsed. */
  readonly hasMembershipChanges: boolean;
}

/** With more batches waiting the gap is skipped, and clients repair it themselves. */
const MAX_WAITING = 1_000;

/** Orders the batches of one room that arrive from the bus: drops repeated entries, holds back later ones until the gap is filled. */
export class LogOrder {
  #waiting: Batch[] = [];
  #lastSeq: number | undefined;
  #skippedUpTo = 0;

  /** The last entry that was passed on; undefined while nothing is known of the log. */
  get lastSeq(): number | undefined {
    return this.#lastSeq;
  }

  /** Some entries up to this seq were not passed on: the log was first known from here, or a gap was skipped. */
  get skippedUpTo(): number {
    return this.#skippedUpTo;
  }

  /** Batches are waiting for missing entries. */
  get hasGap(): boolean {
    return this.#waiting.length > 0;
  }

  /** Starts after this seq, unless the log is known already. */
  startAt(seq: number): void {
    if (this.#lastSeq === undefined) this.#skip(seq);
  }

  /** Adds a batch. Returns the batches that are now in order. */
  accept(batch: Batch): Batch[] {
    this.startAt(batch.firstSeq - 1);
    const at = this.#waiting.findIndex(({ firstSeq }) => firstSeq > batch.firstSeq);
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, batch);
    if (this.#waiting.length > MAX_WAITING) return this.skipGap();
    return this.#take();
  }

  /** Skips the entries missing before the first waiting batch. Returns the batches that are now in order. */
  skipGap(): Batch[] {
    const [first] = this.#waiting;
    if (first === undefined) return [];
    return this.skipTo(first.firstSeq - 1);
  }

  /** Skips all entries up to this seq. Returns the batches that are now in order. */
  skipTo(seq: number): Batch[] {
    if (seq > (this.#lastSeq ?? 0)) this.#skip(seq);
    return this.#take();
  }

  #skip(seq: number): void {
    this.#lastSeq = seq;
    this.#skippedUpTo = seq;
  }

  #take(): Batch[] {
    const ready: Batch[] = [];
    let last = this.#lastSeq ?? 0;
    for (let [first] = this.#waiting; first !== undefined && first.firstSeq <= last + 1; [first] = this.#waiting) {
      this.#waiting.shift();
      if (first.lastSeq <= last) continue;
      ready.push(first.firstSeq === last + 1 ? first : entriesAfter(first, last));
      last = first.lastSeq;
    }
    this.#lastSeq = last;
    return ready;
  }
}

export function parseEvents(batch: Batch): RoomEvent[] {
  return JSON.parse(`[${batch.body.toString()}]`) as RoomEvent[];
}

/** The entries from firstSeq to lastSeq. */
export function toBatch(events: readonly RoomEvent[], firstSeq: number, lastSeq: number): Batch {
  return {
    firstSeq,
    lastSeq,
    body: Buffer.from(JSON.stringify(events).slice(1, -1)),
    hasMembershipChanges: events.some(({ event }) => event === 'member_joined' || event === 'member_left'),
  };
}

function entriesAfter(batch: Batch, seq: number): Batch {
  const events = parseEvents(batch).filter((event) => event.seq > seq);
  return { ...toBatch(events, seq + 1, batch.lastSeq), hasMembershipChanges: batch.hasMembershipChanges };
}
