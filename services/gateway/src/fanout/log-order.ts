import type { RoomEvent } from '@parley/protocol';

/** Consecutive entries of one room's log, serialised as the inside of a JSON array. */
export interface Batch {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly body: Buffer;
  /** There are membership changes among them. */
  readonly members: boolean;
}

/** More than this waits for no gap: the clients repair for themselves. */
const MAX_WAITING = 1_000;

/**
 * Puts what the bus brings of one room's log into the order of the log: repeated entries are dropped, later ones wait
 * for those before them.
 */
export class LogOrder {
  #waiting: Batch[] = [];
  #lastSeq: number | undefined;
  #brokenAt = 0;

  /** seq of the last entry that was passed on; undefined as long as nothing is known of the log. */
  get lastSeq(): number | undefined {
    return this.#lastSeq;
  }

  /** Of the entries up to here some were never passed on: the log was known only from here, or a gap was given up. */
  get brokenAt(): number {
    return this.#brokenAt;
  }

  /** Something later has come than what is next. */
  get hasGap(): boolean {
    return this.#waiting.length > 0;
  }

  /** The log is known up to here from elsewhere; only the first to say so is heard. */
  startAt(seq: number): void {
    if (this.#lastSeq === undefined) this.#break(seq);
  }

  /** Takes one batch in and returns all that may be passed on now, in order. */
  accept(batch: Batch): Batch[] {
    this.startAt(batch.firstSeq - 1);
    const at = this.#waiting.findIndex(({ firstSeq }) => firstSeq > batch.firstSeq);
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, batch);
    if (this.#waiting.length > MAX_WAITING) return this.skipGap();
    return this.#take();
  }

  /** Gives up what is missing before the first that waits, and returns all that may be passed on now. */
  skipGap(): Batch[] {
    const [first] = this.#waiting;
    if (first === undefined) return [];
    return this.skipTo(first.firstSeq - 1);
  }

  /** Gives up everything up to here. */
  skipTo(seq: number): Batch[] {
    if (seq > (this.#lastSeq ?? 0)) this.#break(seq);
    return this.#take();
  }

  #break(seq: number): void {
    this.#lastSeq = seq;
    this.#brokenAt = seq;
  }

  #take(): Batch[] {
    const ready: Batch[] = [];
    let last = this.#lastSeq ?? 0;
    for (let [first] = this.#waiting; first !== undefined && first.firstSeq <= last + 1; [first] = this.#waiting) {
      this.#waiting.shift();
      if (first.lastSeq <= last) continue;
      ready.push(first.firstSeq === last + 1 ? first : withoutThoseUpTo(first, last));
      last = first.lastSeq;
    }
    this.#lastSeq = last;
    return ready;
  }
}

export function parseEvents(batch: Batch): RoomEvent[] {
  return JSON.parse(`[${batch.body.toString()}]`) as RoomEvent[];
}

/** The events must be consecutive and at least one. */
export function toBatch(events: readonly RoomEvent[], firstSeq: number, lastSeq: number): Batch {
  return {
    firstSeq,
    lastSeq,
    body: Buffer.from(JSON.stringify(events).slice(1, -1)),
    members: events.some(({ event }) => event === 'member_joined' || event === 'member_left'),
  };
}

function withoutThoseUpTo(batch: Batch, seq: number): Batch {
  const events = parseEvents(batch).filter((event) => event.seq > seq);
  return { ...toBatch(events, seq + 1, batch.lastSeq), members: batch.members };
}
