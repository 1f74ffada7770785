import type { Head } from '@parley/contracts';
import { LIMITS } from '@parley/protocol';
import { isChange, isUnknown, type NewEntry, type Entry, type UnsequencedEntry } from './entry.ts';

/** Most entries in one insert and one broadcast. */
const BATCH_ENTRIES = 200;
/** The most that an attachment adds to the JSON of its message. */
const ATTACHMENT_BYTES = 200;

/**
 * Gives each entry the next seq after the head, the counts of messages and members up to it, and a time. Within a room
 * times never decrease, even when the clock goes back.
 */
export function sequenceEntries(head: Head, newEntries: readonly UnsequencedEntry[], now: number): Entry[] {
  const at = Math.max(now, head.at);
  let { seq, count, memberDelta, messageSeq } = head;
  return newEntries.map((newEntry) => {
    seq += 1;
    if (newEntry.event === 'message_created') {
      count += 1;
      messageSeq = seq;
    } else if (newEntry.event === 'member_joined') memberDelta += 1;
    else if (newEntry.event === 'member_left') memberDelta -= 1;
    // Every other entry, also one of an unknown kind, takes its seq and changes no count.
    return { ...newEntry, roomId: head.roomId, seq, count, memberDelta, messageSeq, at };
  });
}

/**
 * How many of the waiting entries fit into one batch, at least one. A broadcast reaches every socket of the room in one
 * piece, and a client with a backlog of 1 MiB is disconnected. A change of a message of this batch waits for the next.
 */
export function batchLength(waiting: readonly { readonly newEntry: NewEntry }[]): number {
  const created = new Set<string>();
  let bytes = 0;
  let length = 0;
  for (const { newEntry } of waiting) {
    bytes += bytesOf(newEntry);
    if (length > 0 && (length === BATCH_ENTRIES || bytes > LIMITS.pageBytes)) break;
    if (isChange(newEntry) && created.has(newEntry.data.messageId)) break;
    created.add(newEntry.entryId);
    length += 1;
  }
  return length;
}

function bytesOf(newEntry: NewEntry): number {
  if (isUnknown(newEntry)) return Buffer.byteLength(JSON.stringify(newEntry.data));
  if (newEntry.event === 'message_updated') return Buffer.byteLength(newEntry.data.text);
  if (newEntry.event !== 'message_created') return 0;
  const { text, attachments = [] } = newEntry.data;
  return Buffer.byteLength(text) + ATTACHMENT_BYTES * attachments.length;
}

/** Splits entries, ascending by seq, wherever a seq is missing between two of them. */
export function consecutiveRuns(entries: readonly Entry[]): Entry[][] {
  const runs: Entry[][] = [];
  let previous: Entry | undefined;
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run && previous && entry.seq === previous.seq + 1) run.push(entry);
    else runs.push([entry]);
    previous = entry;
  }
  return runs;
}
