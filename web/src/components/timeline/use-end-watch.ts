import type { Ref } from 'vue';

/** A reader this close to the end counts as being there. */
export const NEAR_END_PX = 48;

/**
 * Distinguishes a reader who leaves the end from content that grows while the reader stays: rows are measured after
 * they are rendered, so a timeline may briefly not be at its end although the reader did not scroll.
 */
export function useEndWatch(scroller: Readonly<Ref<HTMLElement | null>>) {
  let hadInput = false;
  let heights = '';
  const measured = (): string => `${scroller.value?.scrollHeight} ${scroller.value?.clientHeight}`;

  return {
    /** Reads the element, because the virtualizer handles a scroll or resize later. */
    isNear(): boolean {
      const element = scroller.value;
      return element !== null && element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR_END_PX;
    },
    /** Scrolls to the end again, after the view or its content was resized. */
    scrollToEnd(): void {
      const element = scroller.value;
      if (element !== null) element.scrollTop = element.scrollHeight;
    },
    /** Called when the timeline is at its end. */
    markAtEnd(): void {
      hadInput = false;
      heights = measured();
    },
    /** Called when the reader uses the wheel, touch or keyboard. */
    noteInput: (): void => {
      hadInput = true;
    },
    /** Whether a scroll away from the end comes from the reader, not from content that grew. */
    wasLeft: (): boolean => hadInput || measured() === heights,
  };
}
