import type { MessageRow, TimelineRow } from './rows.ts';

/** The end of the former rows is found among so many of its last ones. */
const LOOK_BACK = 200;

/** The message rows at the end that were not there before. */
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
