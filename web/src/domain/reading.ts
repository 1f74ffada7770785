import type { RoomSummary, UserId } from '@parley/protocol';
import type { TimelineEntry } from './timeline.ts';
import { isMentioned } from './mentions.ts';

/** Up to which seq another member has read. */
export interface Reader {
  readonly userId: UserId;
  readonly seq: number;
}

/** How far one has read in a room: up to which seq, how many messages, and how many mentions are still unread. */
export type Reading = Pick<RoomSummary, 'readSeq' | 'readCount' | 'mentionCount'>;

/**
 * A room read so far. What was read already stays read; at the head nothing is unread, whatever was counted before
 * the last messages came.
 */
export function withReading(room: RoomSummary, { readSeq, readCount, mentionCount }: Reading): RoomSummary {
  if (readSeq < room.readSeq) return room;
  if (readSeq >= room.head) return { ...room, readSeq, readCount: room.count, mentionCount: 0 };
  return { ...room, readSeq, readCount, ...(mentionCount !== undefined && { mentionCount }) };
}

/**
 * What it means to have read up to a seq, counted from the end of the log as it is loaded; undefined where less is
 * loaded than that, and where nothing new is read.
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
