import { shallowRef } from 'vue';

/** How far a search of messages reaches: through the open room, or through all of one's rooms. */
export type SearchScope = 'room' | 'everywhere';

/** The search that is open, if one is; another object each time it is asked for. */
export const openedSearch = shallowRef<{
  readonly scope: SearchScope;
  /** What had the focus, and gets it back. */
  readonly opener: HTMLElement | null;
} | null>(null);

export function openSearch(scope: SearchScope): void {
  const { activeElement } = document;
  const focused = activeElement instanceof HTMLElement ? activeElement : null;
  openedSearch.value = { scope, opener: openedSearch.value?.opener ?? focused };
}
