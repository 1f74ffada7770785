import type { MessagesPage, UserId } from '@parley/protocol';
import type { MessageChange } from './message-changes.ts';
import type { TimelineEntry } from './timeline.ts';
import { merge, messagesOf, withChanges } from './timeline.ts';

/** A part of a room's log somewhere in its history, as far as it is loaded. Entries ascend by seq. */
export interface HistoryWindow {
  readonly entries: readonly TimelineEntry[];
  /** Older messages exist before the first of these. */
  readonly more: boolean;
  /** Newer ones exist after the last: it does not reach the present. */
  readonly moreAfter: boolean;
}

export function historyWindow(page: MessagesPage): HistoryWindow {
  return { entries: messagesOf(page), more: page.more, moreAfter: page.moreAfter === true };
}

export function withOlderPage(window: HistoryWindow, page: MessagesPage): HistoryWindow {
  return { ...window, entries: merge(window.entries, messagesOf(page)), more: page.more };
}

/** @param end the end of the log as it is loaded: once nothing is missing before it, it belongs to the window */
export function withNewerPage(window: HistoryWindow, page: MessagesPage, end: readonly TimelineEntry[]): HistoryWindow {
  const moreAfter = page.moreAfter === true;
  const entries = merge(window.entries, messagesOf(page));
  return { ...window, moreAfter, entries: moreAfter ? entries : joined(entries, end) };
}

/** What was loaded of the end of the log, as far as it is in the window or after it. */
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
