import type { RoomId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { TimelineView } from '../domain/timeline.ts';
import { mergeTimeline, type LoadedTimeline } from './merge-timeline.ts';

/** Where the reader was in a room when they left it. */
export interface ReadingPlace {
  /** The row at the top of the view, and how far it was scrolled past its top, in pixels. */
  readonly rowKey: string;
  readonly offset: number;
}

/** Rooms that were left are shown at once when one comes back and nothing has happened in them, up to so many. */
const LEFT_KEPT = 10;

/** The timelines of the rooms that this tab has open, as they were in those it left, and where the reader was. */
export const useTimelinesStore = defineStore('timelines', () => {
  const byRoom = shallowReactive(new Map<RoomId, LoadedTimeline>());
  const places = new Map<RoomId, ReadingPlace>();
  /** Nothing is told of them any more: the heads of their logs when they were left; longest ago first. */
  const left = new Map<RoomId, number>();

  function apply(patch: { readonly replace: boolean; readonly timeline: TimelineView }): void {
    const { roomId } = patch.timeline;
    left.delete(roomId);
    byRoom.set(roomId, mergeTimeline(byRoom.get(roomId), patch));
  }

  /** @param head of the room's log, as far as it is known: what is kept shows it up to there */
  function leave(roomId: RoomId, head: number): void {
    left.delete(roomId);
    left.set(roomId, head);
    if (byRoom.get(roomId)?.state !== 'ready') forget(roomId);
    const [oldest] = left.keys();
    if (oldest !== undefined && left.size > LEFT_KEPT) forget(oldest);
  }

  /** What was kept is shown only where it is how the room is now: else news would come as if they came just then. */
  function comeBack(roomId: RoomId, head: number): void {
    if (left.has(roomId) && left.get(roomId) !== head) forget(roomId);
  }

  function forget(roomId: RoomId): void {
    left.delete(roomId);
    byRoom.delete(roomId);
  }

  /** null: at the end, which is where a room opens by itself. */
  function keepPlace(roomId: RoomId, place: ReadingPlace | null): void {
    if (place === null) places.delete(roomId);
    else places.set(roomId, place);
  }

  function placeIn(roomId: RoomId): ReadingPlace | undefined {
    return places.get(roomId);
  }

  function reset(): void {
    byRoom.clear();
    left.clear();
    places.clear();
  }

  return { byRoom, apply, leave, comeBack, keepPlace, placeIn, reset };
});
