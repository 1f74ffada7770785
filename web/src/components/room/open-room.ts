import type { RoomId, UserId } from '@parley/protocol';
import { computed, onScopeDispose, ref, watch } from 'vue';
import { usePageVisible } from '../../composables/page-visible.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useOutboxStore } from '../../stores/outbox.ts';
import { useReadingStore } from '../../stores/reading.ts';
import { useRoomsStore } from '../../stores/rooms.ts';
import { useTimelinesStore } from '../../stores/timelines.ts';
import { timelineRows } from '../timeline/rows.ts';

/** Opens a room in the engine for as long as the component lives, and gives what its timeline shows. */
export function useOpenRoom(roomId: RoomId, ownId: UserId) {
  const engine = useEngineStore();
  const rooms = useRoomsStore();
  const timelines = useTimelinesStore();
  const outbox = useOutboxStore();
  const { newAfter, atEnd } = useReadingOf(roomId);

  const room = computed(() => rooms.byId.get(roomId));
  const timeline = computed(() => timelines.byRoom.get(roomId));
  const ready = computed(() => timeline.value?.state === 'ready');
  const rows = computed(() => {
    const shown = timeline.value ?? { entries: [], more: true, pageStarts: new Set<number>() };
    return timelineRows(shown, outbox.inRoom(roomId), { ownId, newAfter: newAfter.value });
  });

  // The engine says `failed` and `room_removed` by patches: a refused intent has nothing to add.
  engine.request('open_room', { roomId }).catch(() => undefined);
  onScopeDispose(() => {
    timelines.forget(roomId);
    engine.request('close_room', { roomId }).catch(() => undefined);
  });

  return {
    room,
    rows,
    ready,
    atEnd,
    failed: computed(() => timeline.value?.state === 'failed'),
    more: computed(() => timeline.value?.more ?? false),
    loadOlder: () => engine.request('load_older', { roomId }),
  };
}

/** Where the "New" line stands, and marking as read what is on the screen. */
function useReadingOf(roomId: RoomId) {
  const rooms = useRoomsStore();
  const reading = useReadingStore();
  const visible = usePageVisible();
  /** The newest message is on the screen; the timeline says so. */
  const atEnd = ref(false);
  const newAfter = ref<number | null>(null);
  const room = computed(() => rooms.byId.get(roomId));

  /** The line is drawn where one comes to the room or back to the page, and stays there while one reads. */
  function drawLine(): void {
    if (room.value !== undefined && reading.unread(room.value) > 0) newAfter.value = reading.readSeq(room.value);
  }

  watch([() => room.value !== undefined, visible], ([known, isVisible]) => known && isVisible && drawLine(), {
    immediate: true,
  });
  watch([room, visible, atEnd], ([now, isVisible, isAtEnd]) => {
    if (now !== undefined && isVisible && isAtEnd) reading.markRead(now);
  });

  return { newAfter, atEnd };
}
