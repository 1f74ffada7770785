import type { MessagesPage, RoomId, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { historyWindow, joined, windowAfter, type HistoryWindow } from '../domain/history.ts';
import type { MessageChange } from '../domain/message-changes.ts';
import type { TimelineView } from '../domain/timeline.ts';

/** A part of the history that this tab shows of a room in the place of the log's end. */
export interface ShownHistory extends HistoryWindow {
  /** Another one for each jump. */
  readonly jump: number;
  /** seq of the message that one came for. */
  readonly target: number;
  /** Where a page began when it was loaded: a row's start stays one when older entries come above it. */
  readonly pageStarts: ReadonlySet<number>;
}

/** Where this tab looks back in its rooms. */
export const useHistoryStore = defineStore('history', () => {
  const byRoom = shallowReactive(new Map<RoomId, ShownHistory>());
  let jumps = 0;

  function open(roomId: RoomId, target: number, page: MessagesPage, end: TimelineView | undefined): void {
    const window = historyWindow(page);
    const entries = window.moreAfter ? window.entries : joined(window.entries, end?.entries ?? []);
    byRoom.set(roomId, { ...window, entries, target, jump: (jumps += 1), pageStarts: new Set() });
  }

  /** Another page has been loaded into it; nothing when it was left meanwhile. */
  function extend(roomId: RoomId, jump: number, extended: (window: HistoryWindow) => HistoryWindow): void {
    const before = byRoom.get(roomId);
    if (before?.jump !== jump) return;
    const after = extended(before);
    const [first, oldFirst] = [after.entries[0]?.seq, before.entries[0]?.seq];
    const grewAbove = first !== undefined && oldFirst !== undefined && first < oldFirst;
    const pageStarts = grewAbove ? new Set([...before.pageStarts, oldFirst]) : before.pageStarts;
    byRoom.set(roomId, { ...before, ...after, pageStarts });
  }

  /** The end of the log has grown: it belongs to what reaches the present. */
  function follow({ timeline }: { timeline: TimelineView }): void {
    const window = byRoom.get(timeline.roomId);
    if (!window || window.moreAfter) return;
    byRoom.set(timeline.roomId, { ...window, entries: joined(window.entries, timeline.entries) });
  }

  function change(roomId: RoomId, changes: readonly MessageChange[], self: UserId): void {
    const window = byRoom.get(roomId);
    if (window) byRoom.set(roomId, { ...window, ...windowAfter(window, changes, self) });
  }

  /** Back to the present. */
  function close(roomId: RoomId): void {
    byRoom.delete(roomId);
  }

  function reset(): void {
    byRoom.clear();
  }

  return { byRoom, open, extend, follow, change, close, reset };
});
