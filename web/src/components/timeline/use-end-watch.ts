import type { Ref } from 'vue';

/** So near to the end, in pixels, the reader counts as being there. */
export const NEAR_END_PX = 48;

/**
 * Tells a reader who leaves the end from content that grew under one who stays: heights are measured as rows are drawn,
 * so a timeline may for a moment not be at its end though nobody moved it.
 */
export function useEndWatch(scroller: Readonly<Ref<HTMLElement | null>>) {
  let steered = false;
  let heights = '';
  const measured = (): string => `${scroller.value?.scrollHeight} ${scroller.value?.clientHeight}`;

  return {
    /** Asked of the element: the virtualizer hears of a scroll or a new size only after this. */
    isNear(): boolean {
      const element = scroller.value;
      return element !== null && element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR_END_PX;
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
    steer: (): void => {
      steered = true;
    },
    wasLeft: (): boolean => steered || measured() === heights,
  };
}
