import type { MessagesPage, UserId } from '@parley/protocol';
import type { MessageChange } from './message-changes.ts';
import type { TimelineEntry } from './timeline.ts';
import { merge, messagesOf, withChanges } from './timeline.ts';

/** A loaded part of a room's history. Entries ascend by seq. */
export interface HistoryWindow {
  readonly entries: readonly TimelineEntry[];
  /** Older messages exist before the first of these. */
  readonly more: boolean;
  /** Newer messages exist after the last of these. */
  readonly moreAfter: boolean;
}

export function historyWindow(page: MessagesPage): HistoryWindow {
  return { entries: messagesOf(page), more: page.more, moreAfter: page.moreAfter === true };
}

export function withOlderPage(window: HistoryWindow, page: MessagesPage): HistoryWindow {
  return { ...window, entries: merge(window.entries, messagesOf(page)), more: page.more };
}

/** @param end the loaded end of the log: part of the window once nothing before it is missing */
export function withNewerPage(window: HistoryWindow, page: MessagesPage, end: readonly TimelineEntry[]): HistoryWindow {
  const moreAfter = page.moreAfter === true;
  const entries = merge(window.entries, messagesOf(page));
  return { ...window, moreAfter, entries: moreAfter ? entries : joined(entries, end) };
}

/** Appends the loaded end of the log, as far as it is in the window or after it. */
export function joined(entries: readonly TimelineEntry[], end: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const first = entries[0]?.seq ?? 0;
  return merge(
    entries,
    end.filter(({ seq }) => seq >= first),
  );
}

export function windowAfter(window: HistoryWindow, changes: readonly MessageChange[], self: UserId): HistoryWindow {
  const entries = withChanges(window.entries, changes, self);
  return entries === window.entries ? window : { ...window, entries };
}
