import type { ParleyError } from '@parley/contracts';
import type { NewEntry, Entry } from './entry.ts';

/** The result of an append: the stored entry, or for a change of a message the message after it. */
export type AppendOutcome = { readonly entry: Entry } | { readonly error: ParleyError };

/** A new entry in a lane, and the caller that waits for its outcome. */
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

  /** Sets the outcome once. The caller receives it when `published` has resolved. */
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

/** The first new entry of each entryId. The outcome of later ones follows from the entry that is then stored. */
export function firstOfEachEntryId(requests: readonly PendingEntry[]): NewEntry[] {
  const newEntries = new Map<string, NewEntry>();
  for (const { newEntry } of requests)
    if (!newEntries.has(newEntry.entryId)) newEntries.set(newEntry.entryId, newEntry);
  return [...newEntries.values()];
}
