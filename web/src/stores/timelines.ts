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

/** The timelines of the rooms that this tab has open, and where the reader was in those it left. */
export const useTimelinesStore = defineStore('timelines', () => {
  const byRoom = shallowReactive(new Map<RoomId, LoadedTimeline>());
  const places = new Map<RoomId, ReadingPlace>();

  function apply(patch: { readonly replace: boolean; readonly timeline: TimelineView }): void {
    const { roomId } = patch.timeline;
    byRoom.set(roomId, mergeTimeline(byRoom.get(roomId), patch));
  }

  function forget(roomId: RoomId): void {
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
    places.clear();
  }

  return { byRoom, apply, forget, keepPlace, placeIn, reset };
});
