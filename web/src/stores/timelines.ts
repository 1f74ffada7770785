import type { RoomId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { TimelineView } from '../domain/timeline.ts';
import { useEngineStore } from './engine.ts';
import { mergeTimeline, type LoadedTimeline } from './merge-timeline.ts';

/** Where the reader was in a room when they left it. */
export interface ReadingPlace {
  /** The row at the top of the view, and how far it was scrolled past its top, in pixels. */
  readonly rowKey: string;
  readonly offset: number;
}

/** How many left rooms are kept: they are shown at once on return, if nothing has happened in them. */
const LEFT_KEPT = 10;

/** The timelines of the rooms that this tab has open or has left, and where the reader was in each. */
export const useTimelinesStore = defineStore('timelines', () => {
  const byRoom = shallowReactive(new Map<RoomId, LoadedTimeline>());
  const places = new Map<RoomId, ReadingPlace>();
  /** Rooms without updates since they were left, with the head of the log at that time; oldest first. */
  const left = new Map<RoomId, number>();

  function apply(patch: { readonly replace: boolean; readonly timeline: TimelineView }): void {
    const { roomId } = patch.timeline;
    left.delete(roomId);
    byRoom.set(roomId, mergeTimeline(byRoom.get(roomId), patch));
  }

  /** @param head the last seq of the room's log that the kept timeline shows */
  function leave(roomId: RoomId, head: number): void {
    left.delete(roomId);
    left.set(roomId, head);
    if (byRoom.get(roomId)?.state !== 'ready') forget(roomId);
    const [oldest] = left.keys();
    if (oldest !== undefined && left.size > LEFT_KEPT) forget(oldest);
  }

  /** Drops a kept timeline that is out of date: entries added since would appear as if they came just now. */
  function comeBack(roomId: RoomId, head: number): void {
    if (left.has(roomId) && left.get(roomId) !== head) forget(roomId);
  }

  function forget(roomId: RoomId): void {
    left.delete(roomId);
    byRoom.delete(roomId);
  }

  /** null: at the end, where a room opens by default. */
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

  const engine = useEngineStore();
  engine.onPatch('timeline', apply);
  engine.onDisconnect(reset);

  return { byRoom, apply, leave, comeBack, keepPlace, placeIn };
});
