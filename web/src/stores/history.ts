import type { MessagesPage, RoomId, UserId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { historyWindow, joined, windowAfter, type HistoryWindow } from '../domain/history.ts';
import type { MessageChange } from '../domain/message-changes.ts';
import type { TimelineView } from '../domain/timeline.ts';
import { useEngineStore } from './engine.ts';

/** The part of a room's history that this tab shows instead of the end of the log. */
export interface ShownHistory extends HistoryWindow {
  /** Different for each jump. */
  readonly jump: number;
  /** seq of the message that was jumped to. */
  readonly target: number;
  /** Where a page began when it was loaded: rows keep starting there when older entries are added above. */
  readonly pageStarts: ReadonlySet<number>;
}

/** Which rooms show a part of their history in this tab. */
export const useHistoryStore = defineStore('history', () => {
  const byRoom = shallowReactive(new Map<RoomId, ShownHistory>());
  let jumps = 0;

  function open(roomId: RoomId, target: number, page: MessagesPage, end: TimelineView | undefined): void {
    const window = historyWindow(page);
    const entries = window.moreAfter ? window.entries : joined(window.entries, end?.entries ?? []);
    byRoom.set(roomId, { ...window, entries, target, jump: (jumps += 1), pageStarts: new Set() });
  }

  /** Adds a page that was loaded; does nothing if the jump it belongs to was left meanwhile. */
  function extend(roomId: RoomId, jump: number, extended: (window: HistoryWindow) => HistoryWindow): void {
    const before = byRoom.get(roomId);
    if (before?.jump !== jump) return;
    const after = extended(before);
    const [first, oldFirst] = [after.entries[0]?.seq, before.entries[0]?.seq];
    const grewAbove = first !== undefined && oldFirst !== undefined && first < oldFirst;
    const pageStarts = grewAbove ? new Set([...before.pageStarts, oldFirst]) : before.pageStarts;
    byRoom.set(roomId, { ...before, ...after, pageStarts });
  }

  /** New entries at the end of the log belong to a window that reaches the present. */
  function follow(timeline: TimelineView): void {
    const window = byRoom.get(timeline.roomId);
    if (!window || window.moreAfter) return;
    byRoom.set(timeline.roomId, { ...window, entries: joined(window.entries, timeline.entries) });
  }

  function change(roomId: RoomId, changes: readonly MessageChange[], self: UserId | undefined): void {
    const window = byRoom.get(roomId);
    if (window && self !== undefined) byRoom.set(roomId, { ...window, ...windowAfter(window, changes, self) });
  }

  /** Back to the present. */
  function close(roomId: RoomId): void {
    byRoom.delete(roomId);
  }

  const engine = useEngineStore();
  engine.onPatch('timeline', (patch) => follow(patch.timeline));
  engine.onPatch('message_changes', (patch) => change(patch.roomId, patch.changes, engine.user?.userId));
  engine.onDisconnect(() => byRoom.clear());

  return { byRoom, open, extend, close };
});
