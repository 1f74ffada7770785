import type { RoomId, UserId } from '@parley/protocol';
import { useDocumentVisibility } from '@vueuse/core';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { entryAt } from '../../domain/timeline.ts';
import { withNewerPage, withOlderPage } from '../../domain/history.ts';
import { useEngineStore } from '../../stores/engine.ts';
import { useHistoryStore } from '../../stores/history.ts';
import { useOutboxStore } from '../../stores/outbox.ts';
import { useRoomActivityStore } from '../../stores/room-activity.ts';
import { unreadIn, useRoomsStore } from '../../stores/rooms.ts';
import { useTimelinesStore } from '../../stores/timelines.ts';
import { timelineRows } from '../timeline/rows.ts';

const PAGE = 50;

/** Opens a room in the engine while the component is mounted, and returns what its timeline shows. */
export function useOpenRoom(roomId: RoomId, ownId: UserId) {
  const engine = useEngineStore();
  const rooms = useRoomsStore();
  const timelines = useTimelinesStore();
  const outbox = useOutboxStore();
  const history = useHistoryStore();
  const activity = useRoomActivityStore();
  const { newAfter, atEnd, seen } = useReadingOf(roomId);

  const room = computed(() => rooms.byId.get(roomId));
  const timeline = computed(() => timelines.byRoom.get(roomId));
  const ready = computed(() => timeline.value?.state === 'ready');
  const past = computed(() => history.byRoom.get(roomId));
  const target = shallowRef<{ readonly seq: number } | null>(null);
  const rows = computed(() => {
    const shown = past.value ?? timeline.value ?? { entries: [], more: true, pageStarts: new Set<number>() };
    // Unsent messages belong to the end of the room, not to the end of a part of its history.
    const unsent = past.value?.moreAfter ? [] : outbox.inRoom(roomId);
    return timelineRows(shown, unsent, { ownId, newAfter: newAfter.value });
  });

  timelines.comeBack(roomId, room.value?.head ?? 0);
  // The engine reports `failed` and `room_removed` by patches, so the intent's own failure adds nothing.
  engine.request('open_room', { roomId }).catch(() => undefined);
  onScopeDispose(() => {
    timelines.leave(roomId, room.value?.head ?? 0);
    activity.forget(roomId);
    history.close(roomId);
    engine.request('close_room', { roomId }).catch(() => undefined);
  });

  /** Scrolls to a message, and loads the history around it if necessary. Rejects without a connection. */
  async function jump(seq: number): Promise<void> {
    const shown = past.value?.entries ?? timeline.value?.entries ?? [];
    if (entryAt(shown, seq) === undefined) {
      const page = await engine.request('get_messages', { roomId, around: seq, limit: PAGE });
      history.open(roomId, seq, page, timeline.value);
    }
    target.value = { seq };
  }

  async function loadOlder(): Promise<void> {
    const [window, before] = [past.value, past.value?.entries[0]?.seq];
    if (window === undefined || before === undefined) return void (await engine.request('load_older', { roomId }));
    const page = await engine.request('get_messages', { roomId, before, limit: PAGE });
    history.extend(roomId, window.jump, (now) => withOlderPage(now, page));
  }

  async function loadNewer(): Promise<void> {
    const [window, after] = [past.value, past.value?.entries.at(-1)?.seq];
    if (window === undefined || after === undefined) return;
    const page = await engine.request('get_messages', { roomId, after, limit: PAGE });
    history.extend(roomId, window.jump, (now) => withNewerPage(now, page, timeline.value?.entries ?? []));
  }

  function toPresent(): void {
    target.value = null;
    history.close(roomId);
    timelines.keepPlace(roomId, null);
  }

  return {
    ...{ room, rows, ready, atEnd, past, target, seen, jump, loadOlder, loadNewer, toPresent },
    failed: computed(() => timeline.value?.state === 'failed'),
    more: computed(() => (past.value ?? timeline.value)?.more ?? false),
  };
}

/** Places the "New" line, and marks messages on the screen as read. */
function useReadingOf(roomId: RoomId) {
  const rooms = useRoomsStore();
  const engine = useEngineStore();
  const visibility = useDocumentVisibility();
  const visible = computed(() => visibility.value === 'visible');
  /** The newest message is on the screen; set by the timeline. */
  const atEnd = ref(false);
  const newAfter = ref<number | null>(null);
  const room = computed(() => rooms.byId.get(roomId));

  /** The engine stores the read position; the intent fails only if the engine is gone. */
  function markRead(seq: number): void {
    engine.request('read_room', { roomId, seq }).catch(() => undefined);
  }

  /** Places the line when the user opens the room or returns to the page; it stays there while they read. */
  function drawLine(): void {
    if (room.value !== undefined && unreadIn(room.value) > 0) newAfter.value = room.value.readSeq;
  }

  watch([() => room.value !== undefined, visible], ([known, isVisible]) => known && isVisible && drawLine(), {
    immediate: true,
  });
  watch([room, visible, atEnd], ([now, isVisible, isAtEnd]) => {
    if (now === undefined || !isVisible || !isAtEnd || now.readSeq >= now.head) return;
    markRead(now.head);
  });

  // At the end, the engine may drop older entries of a long timeline. The tab repeats this to a new engine.
  watch(atEnd, (now) => engine.request('set_at_end', { roomId, atEnd: now }).catch(() => undefined));

  /** Marks messages up to the seq as read, for a user who is not at the end. */
  function seen(seq: number): void {
    if (visible.value && room.value !== undefined && seq > room.value.readSeq) markRead(seq);
  }

  return { newAfter, atEnd, seen };
}
