import { elementScroll, useVirtualizer, type VirtualizerOptions } from '@tanstack/vue-virtual';
import type { RoomId } from '@parley/protocol';
import { computed, nextTick, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import { useTimelinesStore } from '../../stores/timelines.ts';
import { imagesHeight } from '../images/image-layout.ts';
import { addedAtEnd } from './added-rows.ts';
import { NEAR_END_PX, useEndWatch } from './use-end-watch.ts';
import type { TimelineRow } from './rows.ts';

/** Space above the first row for the notice that the room begins there, or that older messages are loading. */
export const TOP_PX = 72;

export interface TimelineScrollOptions {
  readonly roomId: RoomId;
  readonly rows: Readonly<Ref<readonly TimelineRow[]>>;
  readonly scroller: Readonly<Ref<HTMLElement | null>>;
  /** The element that gives the scroller its height. */
  readonly sizer: Readonly<Ref<HTMLElement | null>>;
  /** The newest message is on the screen. Set here. */
  readonly atEnd: Ref<boolean>;
  /** The timeline shows a part of the history, and does not follow its end while newer messages exist. */
  readonly isHistory: boolean;
  readonly moreAfter: () => boolean;
  /** The message to scroll to the middle; a new object for each jump. */
  readonly target: () => { readonly seq: number } | null;
  /** Called with the seq up to which all messages have been on the screen. */
  readonly seen: (seq: number) => void;
}

/** How long the message that was jumped to is marked. */
const MARK_MS = 2_200;

/**
 * Selects the rows to render and keeps the scroll position. A reader at the end stays there when content grows. For a
 * reader further up nothing moves when rows are added above or below. The user's own new message scrolls to the end.
 */
export function useTimelineScroll(options: TimelineScrollOptions) {
  const { roomId, rows, scroller, sizer, atEnd, moreAfter, target } = options;
  const timelines = useTimelinesStore();
  const place = timelines.placeIn(roomId);
  /** Distance from the top in pixels; null before the initial scroll position is set. */
  const offset = ref<number | null>(null);
  const positioned = computed(() => offset.value !== null);
  /** Number of messages that arrived while the user was reading further up. */
  const newBelow = ref(0);

  /**
   * The virtualizer scrolls for added rows before Vue has rendered them: near the end, the browser would stop at the
   * old end, and the page would jump. So this sets the height first.
   */
  const scrollToFn: VirtualizerOptions<HTMLElement, HTMLElement>['scrollToFn'] = (offset, options, instance) => {
    const height = instance.getTotalSize();
    if (sizer.value !== null && sizer.value.offsetHeight < height) sizer.value.style.height = `${height}px`;
    elementScroll(offset, options, instance);
  };

  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>(
    computed(() => {
      // All options must use the same list: the virtualizer compares its previous options with these.
      const list = rows.value;
      return {
        count: list.length,
        getScrollElement: () => scroller.value,
        scrollToFn,
        estimateSize: (index: number) => estimatedHeight(list[index]),
        getItemKey: (index: number) => list[index]?.key ?? index,
        anchorTo: 'end' as const,
        followOnAppend: !moreAfter(),
        scrollEndThreshold: NEAR_END_PX,
        overscan: 10,
        paddingStart: TOP_PX,
        paddingEnd: 12,
        initialOffset: () => list.reduce((sum, row) => sum + estimatedHeight(row), 0),
      };
    }),
  );

  const end = useEndWatch(scroller);
  /** seq of the message that was jumped to, for a moment. */
  const marked = ref<number | null>(null);

  /** @returns whether the target is among the rows */
  function scrollToTarget(): boolean {
    const seq = target()?.seq;
    const index = seq === undefined ? -1 : rows.value.findIndex((row) => row.kind === 'message' && row.seq === seq);
    if (seq === undefined || index < 0) return false;
    atEnd.value = false;
    virtualizer.value.scrollToIndex(index, { align: 'center' });
    end.noteInput();
    marked.value = seq;
    setTimeout(() => marked.value === seq && (marked.value = null), MARK_MS);
    return true;
  }

  /** Reports the last message that is entirely above the lower edge as seen. */
  function reportSeen(): void {
    const element = scroller.value;
    if (element === null || atEnd.value) return;
    const bottom = element.scrollTop + element.clientHeight;
    const shown = virtualizer.value.getVirtualItems().findLast((item) => {
      const row = rows.value[item.index];
      return item.end <= bottom && row?.kind === 'message' && row.seq !== null;
    });
    const row = shown && rows.value[shown.index];
    if (row?.kind === 'message' && row.seq !== null) options.seen(row.seq);
  }

  function toEnd(): void {
    virtualizer.value.scrollToEnd();
    atEnd.value = true;
    newBelow.value = 0;
    end.markAtEnd();
  }

  function onScroll(): void {
    if (!positioned.value) return;
    offset.value = scroller.value?.scrollTop ?? 0;
    reportSeen();
    if (end.isNear() && !moreAfter()) {
      atEnd.value = true;
      newBelow.value = 0;
      end.markAtEnd();
    } else if (end.wasLeft()) {
      atEnd.value = false;
    }
  }

  watch(
    rows,
    (now, before) => {
      if (moreAfter()) return;
      const added = addedAtEnd(now, before);
      if (atEnd.value || added.some((row) => row.own && row.seq === null)) toEnd();
      else newBelow.value += added.filter((row) => !row.own).length;
    },
    { flush: 'post' },
  );

  watch(target, () => positioned.value && scrollToTarget(), { flush: 'post' });

  const resized = new ResizeObserver(() => {
    if (positioned.value && atEnd.value) end.scrollToEnd();
  });

  onMounted(async () => {
    // Observes the view and its content: when lines wrap differently, rows are measured after the view's resize.
    for (const element of [scroller.value, sizer.value]) if (element !== null) resized.observe(element);
    await nextTick();
    const index = place === undefined ? -1 : rows.value.findIndex((row) => row.key === place.rowKey);
    const start = index < 0 ? undefined : virtualizer.value.getOffsetForIndex(index, 'start')?.[0];
    if (scrollToTarget()) await nextTick();
    else if (place === undefined || start === undefined) toEnd();
    else virtualizer.value.scrollToOffset(start + place.offset);
    offset.value = scroller.value?.scrollTop ?? 0;
  });

  onBeforeUnmount(() => {
    resized.disconnect();
    timelines.keepPlace(roomId, atEnd.value || options.isHistory ? null : currentPlace());
  });

  function currentPlace() {
    const top = offset.value ?? 0;
    const row = virtualizer.value.getVirtualItemForOffset(top);
    return row === undefined ? null : { rowKey: String(row.key), offset: top - row.start };
  }

  return { virtualizer, offset, positioned, newBelow, marked, toEnd, onScroll, onUserInput: end.noteInput };
}

/** Close enough that the scroll bar does not jump while rows are measured. */
function estimatedHeight(row: TimelineRow | undefined): number {
  if (row?.kind !== 'message') return 40;
  const images = imagesHeight(row.images);
  if (row.text === '') return images + (row.first ? 32 : 2);
  const lines = row.text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 72)), 0);
  return lines * 22 + images + (row.first ? 32 : 2);
}
