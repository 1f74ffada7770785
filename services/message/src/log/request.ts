import type { ParleyError } from '@parley/contracts';
import type { Draft, Entry } from './entry.ts';

/** What became of a draft: its entry, or for the change of a message that message as it is then. */
export type Outcome = { readonly entry: Entry } | { readonly error: ParleyError };

/** A draft that waits in a lane, and whoever waits for its outcome. */
export class Request {
  readonly draft: Draft;
  readonly #answer: (outcome: Outcome) => void;
  #decided = false;

  constructor(draft: Draft, answer: (outcome: Outcome) => void) {
    this.draft = draft;
    this.#answer = answer;
  }

  get decided(): boolean {
    return this.#decided;
  }

  /** Settles the outcome once and for all; it is told when `published` is through. */
  decide(outcome: Outcome, published?: Promise<void>): void {
    if (this.#decided) return;
    this.#decided = true;
    if (published) void published.then(() => this.#answer(outcome));
    else this.#answer(outcome);
  }
}

export const undecided = (requests: readonly Request[]): Request[] => requests.filter(({ decided }) => !decided);

export function refuse(requests: readonly Request[], error: ParleyError): void {
  for (const request of requests) request.decide({ error });
}

/** One draft of each entryId, the first; the others are judged by what is then stored. */
export function firstOfEachEntryId(requests: readonly Request[]): Draft[] {
  const drafts = new Map<string, Draft>();
  for (const { draft } of requests) if (!drafts.has(draft.entryId)) drafts.set(draft.entryId, draft);
  return [...drafts.values()];
}
