import type { RoomSummary, UserId } from '@parley/protocol';
import type { TimelineEntry } from './timeline.ts';
import { isMentioned } from './mentions.ts';

/** Up to which seq another member has read. */
export interface Reader {
  readonly userId: UserId;
  readonly seq: number;
}

/** The user's read position in a room: the seq, how many messages that is, and how many mentions are still unread. */
export type Reading = Pick<RoomSummary, 'readSeq' | 'readCount' | 'mentionCount'>;

/**
 * Moves the user's read position in a room, never back; at the head nothing is unread, whatever was counted before
 * the last messages arrived.
 */
export function withReading(room: RoomSummary, { readSeq, readCount, mentionCount }: Reading): RoomSummary {
  if (readSeq < room.readSeq) return room;
  if (readSeq >= room.head) return { ...room, readSeq, readCount: room.count, mentionCount: 0 };
  return { ...room, readSeq, readCount, ...(mentionCount !== undefined && { mentionCount }) };
}

/**
 * The read position at a seq, counted from the loaded end of the log; undefined where too little is loaded or nothing
 * new is read.
 */
export function readingAt(
  room: RoomSummary,
  entries: readonly TimelineEntry[],
  seq: number,
  self: UserId,
): Reading | undefined {
  if (seq <= room.readSeq) return undefined;
  if (seq >= room.head) return { readSeq: room.head, readCount: room.count, mentionCount: 0 };
  const first = entries[0];
  if (first === undefined || first.seq > seq) return undefined;
  let [later, mentionCount] = [0, 0];
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry === undefined || entry.seq <= seq) break;
    if (entry.kind !== 'message' || entry.seq > room.head) continue;
    later += 1;
    if (isMentioned(entry.message, self)) mentionCount += 1;
  }
  return { readSeq: seq, readCount: room.count - later, mentionCount };
}
