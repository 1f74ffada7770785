import type { UserId } from '@parley/protocol';
import type { Reader } from '../../domain/reading.ts';
import type { MessageRow, TimelineRow } from './rows.ts';

/** The readers to show at each row, by row key: at the last message that they have read, unless it is their own. */
export function receiptPlaces(
  rows: readonly TimelineRow[],
  readers: readonly Reader[],
): ReadonlyMap<string, readonly UserId[]> {
  const places = new Map<string, UserId[]>();
  if (readers.length === 0) return places;
  const left = new Set(readers);
  for (let index = rows.length - 1; index >= 0 && left.size > 0; index -= 1) {
    const row = rows[index];
    if (row?.kind !== 'message' || row.seq === null) continue;
    for (const reader of left) if (reader.seq >= row.seq) place(reader, row, places, left);
  }
  return places;
}

function place(reader: Reader, row: MessageRow, places: Map<string, UserId[]>, left: Set<Reader>): void {
  left.delete(reader);
  if (row.userId === reader.userId) return;
  const known = places.get(row.key);
  if (known) known.push(reader.userId);
  else places.set(row.key, [reader.userId]);
}
