import type { ParleyError } from '@parley/contracts';
import type { NewEntry, Entry } from './entry.ts';

/** What became of a new entry: its entry, or for the change of a message that message as it is then. */
export type AppendOutcome = { readonly entry: Entry } | { readonly error: ParleyError };

/** A new entry that waits in a lane, and whoever waits for its outcome. */
export class PendingEntry {
  readonly newEntry: NewEntry;
  readonly #answer: (outcome: AppendOutcome) => void;
  #decided = false;

  constructor(newEntry: NewEntry, answer: (outcome: AppendOutcome) => void) {
    this.newEntry = newEntry;
    this.#answer = answer;
  }

  get decided(): boolean {
    return this.#decided;
  }

  /** Settles the outcome once and for all; it is told when `published` is through. */
  decide(outcome: AppendOutcome, published?: Promise<void>): void {
    if (this.#decided) return;
    this.#decided = true;
    if (published) void published.then(() => this.#answer(outcome));
    else this.#answer(outcome);
  }
}

export const undecided = (requests: readonly PendingEntry[]): PendingEntry[] =>
  requests.filter(({ decided }) => !decided);

export function refuse(requests: readonly PendingEntry[], error: ParleyError): void {
  for (const request of requests) request.decide({ error });
}

/** One new entry of each entryId, the first; the others are judged by what is then stored. */
export function firstOfEachEntryId(requests: readonly PendingEntry[]): NewEntry[] {
  const newEntries = new Map<string, NewEntry>();
  for (const { newEntry } of requests)
    if (!newEntries.has(newEntry.entryId)) newEntries.set(newEntry.entryId, newEntry);
  return [...newEntries.values()];
}
