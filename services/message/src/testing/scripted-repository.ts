import type { RoomId } from '@parley/protocol';
import type { BatchChanges } from '../log/batch-changes.ts';
import { headOf, type Entry, type UnsequencedEntry } from '../log/entry.ts';
import { emptyHead, type InsertResult, type LogRepository } from '../log/log.repository.ts';
import { sequenceEntries } from '../log/sequencing.ts';

/** What happens to one insert. */
export type Step =
  | { readonly kind: 'plain' }
  /** Another replica writes to the room just before. */
  | { readonly kind: 'otherWriter'; readonly newEntries: readonly UnsequencedEntry[] }
  /**
   * The answer is lost. `written` entries of the batch reached the primary (with changes: all of them, if any). They are
   * at majority now, later, or never.
   */
  | {
      readonly kind: 'ambiguous';
      readonly written: number;
      readonly fate: 'majority' | 'later' | 'rolledBack';
      /** Number of the following reads that fail. */
      readonly failingReads?: number;
    };

/** The start of scripted time. */
export const START = 1_000_000;

/** One room's log in memory, split as in a replica set: entries at majority, and entries on the primary only. */
export class ScriptedRepository implements Pick<LogRepository, 'insertBatch' | 'readSettledHead' | 'findByEntryIds'> {
  readonly atMajority: Entry[] = [];
  onPrimaryOnly: Entry[] = [];
  /** Forbidden things that the lane did. */
  readonly violations: string[] = [];
  readonly byOtherWriters = new Set<string>();
  readonly batches: (readonly Entry[])[] = [];
  headReads = 0;
  /** Number of the next reads that fail. */
  failingReads = 0;
  readonly #roomId: RoomId;
  readonly #steps: Step[];
  /** By the entryId of the last entry of the batch that they came with. */
  readonly #changes = new Map<string, BatchChanges>();
  #notReadBack = new Set<string>();
  #inFlight = 0;
  #fates: ('later' | 'rolledBack')[] = [];

  constructor(roomId: RoomId, steps: readonly Step[] = []) {
    this.#roomId = roomId;
    this.#steps = [...steps];
  }

  async insertBatch(entries: readonly Entry[], changes?: BatchChanges): Promise<InsertResult> {
    if (this.#notReadBack.size > 0) this.violations.push('inserted before uncertain entries had been read back');
    if (this.#inFlight > 0) this.violations.push('two inserts at once');
    this.batches.push(entries);
    this.#inFlight += 1;
    await soon();
    this.#inFlight -= 1;
    const step = this.#steps.shift() ?? { kind: 'plain' };
    if (step.kind === 'otherWriter') this.write(...step.newEntries);
    const last = entries.at(-1);
    if (changes && last) {
      // All or nothing.
      if (entries.some((entry) => this.#clashes(entry))) return { kind: 'clash', index: 0 };
      this.#changes.set(last.entryId, changes);
    }
    if (step.kind === 'ambiguous') {
      const written = changes && step.written > 0 ? entries.length : step.written;
      return this.#fail(entries, { ...step, written });
    }
    return this.#insert(entries);
  }

  async readSettledHead() {
    this.headReads += 1;
    await this.#read();
    const last = this.atMajority.at(-1);
    return last ? headOf(last) : emptyHead(this.#roomId);
  }

  async findByEntryIds(_roomId: RoomId, entryIds: readonly string[]): Promise<Entry[]> {
    await this.#read();
    for (const entryId of entryIds) this.#notReadBack.delete(entryId);
    return this.asNow.filter(({ entryId }) => entryIds.includes(entryId));
  }

  /** The entries at majority, messages as later changes have made them. */
  get asNow(): Entry[] {
    const messages = this.atMajority.flatMap(({ entryId }) => this.#changes.get(entryId)?.messages ?? []);
    const changed = new Map(messages.map((message) => [message.entryId as string, message]));
    return this.atMajority.map((entry) => changed.get(entry.entryId) ?? entry);
  }

  /** Another replica's write, at majority. */
  write(...newEntries: readonly UnsequencedEntry[]): void {
    this.settle();
    const fresh = newEntries.filter(({ entryId }) => !this.#taken().some((entry) => entry.entryId === entryId));
    const last = this.atMajority.at(-1);
    this.atMajority.push(...sequenceEntries(last ? headOf(last) : emptyHead(this.#roomId), fresh, START));
    for (const { entryId } of fresh) this.byOtherWriters.add(entryId);
  }

  /** Entries on the primary only reach the majority, or a failover rolls them back. */
  settle(): void {
    const fate = this.#fates.shift();
    this.#fates = [];
    if (fate === 'later') this.atMajority.push(...this.onPrimaryOnly);
    this.onPrimaryOnly = [];
  }

  #insert(entries: readonly Entry[]): InsertResult {
    const index = this.#writeUntilClash(entries);
    if (index > 0) {
      // A write at majority brings with it all earlier writes of the primary.
      this.atMajority.push(...this.onPrimaryOnly);
      this.onPrimaryOnly = [];
      this.#fates = [];
    }
    return index === entries.length ? { kind: 'stored' } : { kind: 'clash', index };
  }

  #fail(entries: readonly Entry[], { written, fate, failingReads = 0 }: Extract<Step, { kind: 'ambiguous' }>): never {
    this.#notReadBack = new Set(entries.map(({ entryId }) => entryId));
    this.failingReads = failingReads;
    this.#writeUntilClash(entries.slice(0, written));
    this.#fates.push(fate === 'majority' ? 'later' : fate);
    if (fate === 'majority') this.settle();
    throw new Error('The answer was lost.');
  }

  #writeUntilClash(entries: readonly Entry[]): number {
    for (const [index, entry] of entries.entries()) {
      if (this.#clashes(entry)) return index;
      this.onPrimaryOnly.push(entry);
    }
    return entries.length;
  }

  #clashes(entry: Entry): boolean {
    return this.#taken().some(({ seq, entryId }) => seq === entry.seq || entryId === entry.entryId);
  }

  #taken(): Entry[] {
    return [...this.atMajority, ...this.onPrimaryOnly];
  }

  async #read(): Promise<void> {
    await soon();
    if (this.failingReads === 0) return;
    this.failingReads -= 1;
    this.settle();
    throw new Error('No primary can be found.');
  }
}

/** Resolves a few microtasks later, like an answer from a network. */
export async function soon(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
