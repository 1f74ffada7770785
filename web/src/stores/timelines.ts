import type { RoomId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { TimelineView } from '../worker/messages.ts';
import { mergeTimeline, type LoadedTimeline } from './merge-timeline.ts';

/** Where the reader was in a room when they left it. */
export interface ReadingPlace {
  /** The row at the top of the view, and how far it was scrolled past its top, in pixels. */
  readonly rowKey: string;
  readonly offset: number;
}

/** Rooms that were left are shown at once when one comes back, up to so many. */
const LEFT_KEPT = 10;

/** The timelines of the rooms that this tab has open, as they last were in those it left, and where the reader was. */
export const useTimelinesStore = defineStore('timelines', () => {
  const byRoom = shallowReactive(new Map<RoomId, LoadedTimeline>());
  const places = new Map<RoomId, ReadingPlace>();
  /** Nothing is told of them any more; longest ago first. */
  const left = new Set<RoomId>();

  function apply(patch: { readonly replace: boolean; readonly timeline: TimelineView }): void {
    const { roomId } = patch.timeline;
    left.delete(roomId);
    byRoom.set(roomId, mergeTimeline(byRoom.get(roomId), patch));
  }

  /** What is kept of it is out of date from now on, until the engine tells of it again. */
  function leave(roomId: RoomId): void {
    left.delete(roomId);
    left.add(roomId);
    if (byRoom.get(roomId)?.state !== 'ready') forget(roomId);
    const [oldest] = left;
    if (oldest !== undefined && left.size > LEFT_KEPT) forget(oldest);
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

  return { byRoom, apply, leave, keepPlace, placeIn, reset };
});
