import type { MessageRow, TimelineRow } from './rows.ts';

/** How many of the former rows are searched, from the end, for one that still exists. */
const LOOK_BACK = 200;

/** The message rows that were added at the end. */
export function addedAtEnd(now: readonly TimelineRow[], before: readonly TimelineRow[]): MessageRow[] {
  const known = new Set(before.slice(-LOOK_BACK).map((row) => row.key));
  const added: MessageRow[] = [];
  for (let index = now.length - 1; index >= 0; index -= 1) {
    const row = now[index];
    if (row === undefined || known.has(row.key)) break;
    if (row.kind === 'message') added.unshift(row);
  }
  return added;
}
