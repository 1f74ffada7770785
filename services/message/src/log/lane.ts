import { ParleyError, type Head } from '@parley/contracts';
import { traced, type Clock, type Logger } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';
import type { MembersReader } from '../members/members.reader.ts';
import type { BatchPlan, BatchPlanner } from './batch-planner.ts';
import { headOf, isChange, isRoomChange, mentionedBy, type NewEntry, type Entry, type Messages } from './entry.ts';
import type { InsertResult, LogRepository } from './log.repository.ts';
import { batchLength } from './sequencing.ts';
import type { RoomPublisher } from './publisher.ts';
import { idTaken, notMember, notStored } from './append-errors.ts';
import { firstOfEachEntryId, refuse, PendingEntry, undecided, type AppendOutcome } from './pending-entry.ts';
import type { EntryReferences, Users } from './room-event.ts';
import { isRetryOf } from './retry.ts';

export interface LaneContext {
  readonly repository: Pick<LogRepository, 'insertBatch' | 'readSettledHead' | 'findByEntryIds'>;
  readonly planner: BatchPlanner;
  readonly members: Pick<MembersReader, 'findMembers' | 'findUsers'>;
  readonly publisher: Pick<RoomPublisher, 'publish'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly logger: Pick<Logger, 'warn'>;
}

interface BatchUsers {
  readonly members: ReadonlySet<UserId>;
  readonly users: Users;
}

/** Clashes in a row with nothing stored before the lane gives up, after half a second or more. */
const MAX_CLASHES = 30;
/** A retry of an entry younger than this publishes it again, since the first broadcast may have been lost. */
const REPUBLISH_MS = 60_000;

/**
 * The only writer of a room's log in this process. It collects entries while an insert is in flight, then inserts them
 * as one batch. Its head may be outdated, its acknowledgements are never wrong: the unique indexes {roomId, seq} and
 * {roomId, entryId} decide, and every uncertain result is `unavailable`.
 */
export class Lane {
  readonly #roomId: RoomId;
  readonly #context: LaneContext;
  readonly #waiting: PendingEntry[] = [];
  /** From this process's own insert or from a read, both at majority. Undefined after any uncertain result. */
  #head: Head | undefined;
  /** entryIds of an insert with an uncertain result. Nothing is inserted until they have been read back. */
  #uncertain: readonly string[] = [];
  #clashes = 0;
  #running = false;

  constructor(roomId: RoomId, context: LaneContext) {
    this.#roomId = roomId;
    this.#context = context;
  }

  /** No entry waits, is in flight or is uncertain: the lane may be dropped. */
  get idle(): boolean {
    return !this.#running && this.#uncertain.length === 0;
  }

  /** Outcomes in the order of the new entries. Never rejects. */
  append(newEntries: readonly NewEntry[]): Promise<AppendOutcome[]> {
    const outcomes = newEntries.map(
      (newEntry) => new Promise<AppendOutcome>((answer) => this.#waiting.push(new PendingEntry(newEntry, answer))),
    );
    if (!this.#running) void this.#run();
    return Promise.all(outcomes);
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchLength(this.#waiting));
      try {
        const attributes = { 'parley.roomId': this.#roomId, 'parley.entries': batch.length };
        await traced({ name: 'log batch', kind: 'internal', attributes }, () => this.#attempt(batch));
        this.#waiting.unshift(...undecided(batch));
      } catch (error) {
        // The database is not reachable: entries behind this batch would only wait longer for the same error.
        this.#context.logger.warn({ err: error, roomId: this.#roomId }, 'Failed to write the log of a room.');
        refuse([...batch, ...this.#waiting.splice(0)], notStored(error));
      }
    }
    this.#running = false;
  }

  /** One insert. Entries of the batch that it leaves without an outcome are tried again before all others. */
  async #attempt(batch: readonly PendingEntry[]): Promise<void> {
    if (this.#uncertain.length > 0) await this.#readBack();
    const headWasRead = this.#head === undefined;
    const head = (this.#head ??= await this.#context.repository.readSettledHead(this.#roomId));
    // Read after the head, so that no message ever follows its author's member_left.
    const batchUsers = await this.#readUsers(batch);
    await this.#rejectNonMembers(batch, batchUsers);
    const plan = await this.#plan(head, undecided(batch), batchUsers);
    this.#settle(batch, plan);
    if (plan.entries.length === 0) return;

    const { entries, messages } = plan;
    const references = { users: batchUsers.users, messages };
    const outcome = await this.#insert(plan);
    switch (outcome.kind) {
      case 'stored':
        return this.#keep(batch, entries, references, head);
      case 'clash':
        this.#keep(batch, entries.slice(0, outcome.index), references, head);
        return this.#resolveClash(batch, entries.slice(outcome.index), references, headWasRead);
      case 'uncertain':
        this.#head = undefined;
        this.#uncertain = entries.map(({ entryId }) => entryId);
        this.#accept(batch, await this.#readBack(), references);
        return refuse(batch, notStored(outcome.error));
    }
  }

  #plan(head: Head, batch: readonly PendingEntry[], { members }: BatchUsers): Promise<BatchPlan> {
    const now = this.#context.clock.now();
    return this.#context.planner.plan(this.#roomId, firstOfEachEntryId(batch), { head, members, now });
  }

  /** Sets the outcome of new entries that need no entry in the log. */
  #settle(batch: readonly PendingEntry[], { settled }: BatchPlan): void {
    if (settled.size === 0) return;
    for (const pending of batch) {
      const outcome = settled.get(pending.newEntry);
      if (outcome) pending.decide(outcome instanceof ParleyError ? { error: outcome } : { entry: outcome });
    }
  }

  async #insert({ entries, changes }: BatchPlan): Promise<InsertResult | { kind: 'uncertain'; error: unknown }> {
    try {
      return await this.#context.repository.insertBatch(entries, changes);
    } catch (error) {
      const entryIds = entries.map(({ entryId }) => entryId);
      this.#context.logger.warn(
        { err: error, roomId: this.#roomId, entryIds },
        'The result of an insert is uncertain; reading it back.',
      );
      return { kind: 'uncertain', error };
    }
  }

  async #readBack(): Promise<Entry[]> {
    const found = await this.#context.repository.findByEntryIds(this.#roomId, this.#uncertain);
    this.#uncertain = [];
    return found;
  }

  /** Takes over what this lane's insert stored, directly after `head`. */
  #keep(batch: readonly PendingEntry[], stored: readonly Entry[], references: EntryReferences, head: Head): void {
    this.#head = headOf(stored.at(-1) ?? head);
    if (stored.length > 0) this.#clashes = 0;
    this.#accept(batch, stored, references);
  }

  /** `entries` were not stored. The first clashed with its own earlier copy, or with another writer's seq. */
  async #resolveClash(
    batch: readonly PendingEntry[],
    entries: readonly Entry[],
    references: EntryReferences,
    headWasRead: boolean,
  ): Promise<void> {
    const taken = await this.#find(entries);
    this.#accept(batch, taken, references);
    if (taken.some(({ entryId }) => entryId === entries[0]?.entryId)) return;
    this.#head = undefined;
    this.#clashes += 1;
    if (this.#clashes > MAX_CLASHES) {
      this.#clashes = 0;
      refuse(batch, notStored());
    } else if (headWasRead) {
      await this.#context.clock.sleep(5 + 15 * this.#context.random());
    }
  }

  /** Reads authors and mentioned users together, in one query for members and one for names. */
  async #readUsers(batch: readonly PendingEntry[]): Promise<BatchUsers> {
    const newEntries = batch.map(({ newEntry }) => newEntry);
    const asked = new Set(
      newEntries
        .filter((newEntry) => !isRoomChange(newEntry))
        .flatMap((newEntry) => [newEntry.userId, ...mentionedBy(newEntry)]),
    );
    const [members, users] = await Promise.all([
      asked.size === 0 ? new Set<UserId>() : this.#context.members.findMembers(this.#roomId, [...asked]),
      this.#context.members.findUsers([...new Set(newEntries.map(({ userId }) => userId))]),
    ]);
    return { members, users };
  }

  /** A retry of a message that was stored before its author left is still acknowledged. */
  async #rejectNonMembers(batch: readonly PendingEntry[], { members, users }: BatchUsers): Promise<void> {
    const nonMembers = batch.filter(({ newEntry }) => !isRoomChange(newEntry) && !members.has(newEntry.userId));
    const newEntries = nonMembers.map(({ newEntry }) => newEntry).filter((newEntry) => !isChange(newEntry));
    if (newEntries.length > 0) {
      const taken = await this.#find(newEntries);
      const own = nonMembers.filter(({ newEntry }) => taken.some((entry) => isUseOf(newEntry, entry)));
      this.#accept(own, taken, { users, messages: new Map() });
    }
    refuse(nonMembers, notMember());
  }

  #find(newEntries: readonly Pick<NewEntry, 'entryId'>[]): Promise<Entry[]> {
    const entryIds = [...new Set(newEntries.map(({ entryId }) => entryId))];
    return this.#context.repository.findByEntryIds(this.#roomId, entryIds);
  }

  /** Publishes recent stored entries, then acknowledges them. Refuses other uses of their ids. */
  #accept(batch: readonly PendingEntry[], stored: readonly Entry[], references: EntryReferences): void {
    const entries = new Map(stored.map((entry) => [entry.entryId, entry]));
    const kept = new Map<PendingEntry, Entry>();
    for (const request of undecided(batch)) {
      const entry = entries.get(request.newEntry.entryId);
      if (entry && isRetryOf(request.newEntry, entry)) kept.set(request, entry);
      else if (entry) request.decide({ error: idTaken() });
    }
    const recent = this.#context.clock.now() - REPUBLISH_MS;
    const toPublish = [...new Set(kept.values())].filter(({ at }) => at > recent);
    const published = this.#context.publisher.publish(this.#roomId, toPublish, references);
    for (const [request, entry] of kept) request.decide({ entry: subjectOf(entry, references.messages) }, published);
  }
}

const isUseOf = (newEntry: NewEntry, entry: Entry): boolean =>
  newEntry.entryId === entry.entryId && isRetryOf(newEntry, entry);

/** The entry that the sender's answer shows: the entry itself, or the message that it changed. */
const subjectOf = (entry: Entry, messages: Messages): Entry =>
  isChange(entry) ? (messages.get(entry.data.messageId) ?? entry) : entry;
