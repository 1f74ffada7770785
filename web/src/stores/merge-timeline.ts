import { merge } from '../domain/timeline.ts';
import type { TimelineView } from '../domain/timeline.ts';

/** A room's timeline as this tab has it. */
export interface LoadedTimeline extends TimelineView {
  /**
   * Where a page of history began when it was loaded. A row that started there stays a row's start when older entries
   * arrive above it, so that nothing on the screen changes its height.
   */
  readonly pageStarts: ReadonlySet<number>;
}

/** Applies a timeline patch. Entries stay ascending and single by seq; a later copy of a seq wins. */
export function mergeTimeline(
  current: LoadedTimeline | undefined,
  patch: { readonly replace: boolean; readonly timeline: TimelineView },
): LoadedTimeline {
  if (current === undefined) return { ...patch.timeline, pageStarts: new Set() };
  const entries = patch.replace ? patch.timeline.entries : merge(current.entries, patch.timeline.entries);
  const oldFirst = current.entries[0];
  const first = entries[0];
  const grewAbove = oldFirst !== undefined && first !== undefined && first.seq < oldFirst.seq;
  const pageStarts = grewAbove ? new Set([...current.pageStarts, oldFirst.seq]) : current.pageStarts;
  return { ...patch.timeline, entries, pageStarts };
}
