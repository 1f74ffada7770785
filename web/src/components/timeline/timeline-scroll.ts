import { useVirtualizer } from '@tanstack/vue-virtual';
import type { RoomId } from '@parley/protocol';
import { computed, nextTick, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import { useTimelinesStore } from '../../stores/timelines.ts';
import { imagesHeight } from '../images/image-layout.ts';
import type { TimelineRow } from './rows.ts';

/** So near to the end, in pixels, the reader counts as being there. */
const END_PX = 48;
/** Room above the first row for the beginning of the room, or for what tells that older messages are loading. */
export const TOP_PX = 72;

export interface TimelineScrollOptions {
  readonly roomId: RoomId;
  readonly rows: Readonly<Ref<readonly TimelineRow[]>>;
  readonly scroller: Readonly<Ref<HTMLElement | null>>;
  /** The newest message is on the screen: told to the outside. */
  readonly atEnd: Ref<boolean>;
}

/**
 * Which rows are drawn and where the reader is. Whoever is at the end stays there, whatever grows; whoever reads
 * further up sees nothing move, whatever is added above or below; one's own new message brings one to the end.
 */
export function useTimelineScroll({ roomId, rows, scroller, atEnd }: TimelineScrollOptions) {
  const timelines = useTimelinesStore();
  const place = timelines.placeIn(roomId);
  const positioned = ref(false);
  /** Messages that came while one was reading further up. */
  const newBelow = ref(0);

  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>(
    computed(() => {
      // Of this very list: the virtualizer compares what it was told before with what it is told now.
      const list = rows.value;
      return {
        count: list.length,
        getScrollElement: () => scroller.value,
        estimateSize: (index: number) => estimatedHeight(list[index]),
        getItemKey: (index: number) => list[index]?.key ?? index,
        anchorTo: 'end' as const,
        followOnAppend: true,
        scrollEndThreshold: END_PX,
        overscan: 10,
        paddingStart: TOP_PX,
        paddingEnd: 12,
        initialOffset: () => list.reduce((sum, row) => sum + estimatedHeight(row), 0),
      };
    }),
  );

  const end = useEndWatch(scroller);

  function toEnd(): void {
    virtualizer.value.scrollToEnd();
    atEnd.value = true;
    newBelow.value = 0;
    end.settle();
  }

  function onScroll(): void {
    if (!positioned.value) return;
    if (end.isNear()) {
      atEnd.value = true;
      newBelow.value = 0;
      end.settle();
    } else if (end.wasLeft()) {
      atEnd.value = false;
    }
  }

  watch(
    rows,
    (now, before) => {
      const added = addedAtEnd(now, before);
      if (atEnd.value || added.some((row) => row.own && row.seq === null)) toEnd();
      else newBelow.value += added.filter((row) => !row.own).length;
    },
    { flush: 'post' },
  );

  const resized = new ResizeObserver(() => {
    if (positioned.value && atEnd.value) end.hold();
  });

  onMounted(async () => {
    if (scroller.value !== null) resized.observe(scroller.value);
    await nextTick();
    const index = place === undefined ? -1 : rows.value.findIndex((row) => row.key === place.rowKey);
    const start = index < 0 ? undefined : virtualizer.value.getOffsetForIndex(index, 'start')?.[0];
    if (place === undefined || start === undefined) toEnd();
    else virtualizer.value.scrollToOffset(start + place.offset);
    positioned.value = true;
  });

  onBeforeUnmount(() => {
    resized.disconnect();
    timelines.keepPlace(roomId, atEnd.value ? null : currentPlace());
  });

  function currentPlace() {
    const offset = virtualizer.value.scrollOffset ?? 0;
    const top = virtualizer.value.getVirtualItemForOffset(offset);
    return top === undefined ? null : { rowKey: String(top.key), offset: offset - top.start };
  }

  return { virtualizer, positioned, newBelow, toEnd, onScroll, onSteer: end.steer };
}

/**
 * Tells a reader who leaves the end from content that grew under one who stays: heights are measured as rows are drawn,
 * so a timeline may for a moment not be at its end though nobody moved it.
 */
function useEndWatch(scroller: Readonly<Ref<HTMLElement | null>>) {
  let steered = false;
  let heights = '';
  const measured = (): string => `${scroller.value?.scrollHeight} ${scroller.value?.clientHeight}`;

  return {
    /** Asked of the element: the virtualizer hears of a scroll or a new size only after this. */
    isNear(): boolean {
      const element = scroller.value;
      return element !== null && element.scrollHeight - element.scrollTop - element.clientHeight <= END_PX;
    },
    /** Scrolls to the end of what is drawn, after the view became smaller or larger. */
    hold(): void {
      const element = scroller.value;
      if (element !== null) element.scrollTop = element.scrollHeight;
    },
    /** The timeline stands at its end. */
    settle(): void {
      steered = false;
      heights = measured();
    },
    /** The reader turned a wheel, touched or pressed a key. */
    steer(): void {
      steered = true;
    },
    wasLeft: (): boolean => steered || measured() === heights,
  };
}

/** The message rows at the end that were not there before. */
export function addedAtEnd(now: readonly TimelineRow[], before: readonly TimelineRow[]) {
  const known = new Set(before.slice(-200).map((row) => row.key));
  const added = [];
  for (let index = now.length - 1; index >= 0; index -= 1) {
    const row = now[index];
    if (row === undefined || known.has(row.key)) break;
    if (row.kind === 'message') added.unshift(row);
  }
  return added;
}

/** Near enough that the scroll bar does not jump while rows are measured. */
function estimatedHeight(row: TimelineRow | undefined): number {
  if (row?.kind !== 'message') return 40;
  const images = imagesHeight(row.images);
  if (row.text === '') return images + (row.first ? 32 : 2);
  const lines = row.text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 72)), 0);
  return lines * 22 + images + (row.first ? 32 : 2);
}
