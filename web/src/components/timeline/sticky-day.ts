import type { VirtualItem } from '@tanstack/vue-virtual';
import type { TimelineRow } from './rows.ts';

const DAY_HEIGHT = 40;

export interface StickyDay {
  readonly at: number;
  /** How far the next day's separator pushes it up, in pixels; 0 or negative. */
  readonly shift: number;
}

/** The day of the row at the top of the view; null while no row has scrolled past the top. */
export function stickyDay(
  rows: readonly TimelineRow[],
  drawn: readonly VirtualItem[],
  offset: number,
): StickyDay | null {
  const top = drawn.find((item) => item.end > offset);
  if (top === undefined || top.start > offset) return null;
  const at = dayAt(rows, top.index);
  if (at === null) return null;
  const nextDay = drawn.find((item) => item.start > offset && rows[item.index]?.kind === 'day');
  return { at, shift: nextDay === undefined ? 0 : Math.min(0, nextDay.start - offset - DAY_HEIGHT) };
}

/** The time of a row, or of the nearest row above that has one; joins and leaves have none. */
function dayAt(rows: readonly TimelineRow[], index: number): number | null {
  for (let above = index; above >= 0; above -= 1) {
    const row = rows[above];
    if (row?.kind === 'message' || row?.kind === 'day') return row.at;
  }
  return null;
}
