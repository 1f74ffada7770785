import type { Head } from '@parley/contracts';
import { emptyHead, headOf, sequenceEntries, type Entry } from '@parley/message';
import type { RoomId } from '@parley/protocol';
import type { Finding } from './finding.ts';

/** Fields of an entry that follow from the entries before it. */
const COUNTED = ['count', 'memberDelta', 'messageSeq'] as const satisfies readonly (keyof Head)[];

/**
 * Reads one room's log and finds entries that differ from what the rules of the log give. The rules also apply to an event
 * that this release does not know: it has a seq and changes no count.
 */
export class LogAudit {
  readonly #roomId: RoomId;
  #head: Head;

  constructor(roomId: RoomId) {
    this.#roomId = roomId;
    this.#head = emptyHead(roomId);
  }

  /** Checks the next entry in the order of seq. */
  follow(entry: Entry): Finding[] {
    const findings = this.#place(entry);
    // The later entries are compared with this one, so that one fault is one finding.
    this.#head = headOf(entry);
    return findings;
  }

  /** Checks that the log reaches at least this seq. */
  end(seq: number): Finding[] {
    return this.#head.seq < seq ? [this.#hole(seq + 1)] : [];
  }

  #place(entry: Entry): Finding[] {
    const { seq, at } = this.#head;
    if (entry.seq === seq) return [this.#finding('doubled_seq', `There are two entries with seq ${seq}.`)];
    if (entry.seq !== seq + 1) return [this.#hole(entry.seq)];
    const [placed] = sequenceEntries(this.#head, [entry], entry.at);
    const findings = COUNTED.flatMap((field) =>
      placed === undefined || placed[field] === entry[field]
        ? []
        : [
            this.#finding(
              'wrong_count',
              `At seq ${entry.seq} ${field} is ${entry[field]} instead of ${placed[field]}.`,
            ),
          ],
    );
    if (entry.at < at) {
      findings.push(this.#finding('time_falls', `At seq ${entry.seq} the time falls from ${at} to ${entry.at}.`));
    }
    return findings;
  }

  #hole(next: number): Finding {
    const { seq } = this.#head;
    const missing = next === seq + 2 ? `seq ${seq + 1} is` : `seqs ${seq + 1} to ${next - 1} are`;
    return this.#finding('hole', `${missing} missing.`);
  }

  #finding(kind: Finding['kind'], detail: string): Finding {
    return { kind, where: `room ${this.#roomId}`, detail };
  }
}
