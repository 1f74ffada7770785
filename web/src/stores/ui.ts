import type { MessageId } from '@parley/protocol';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { ShownImage } from '../format/shown-image.ts';
import { useEngineStore } from './engine.ts';

/** How far a search of messages reaches: through the open room, or through all rooms of the user. */
export type SearchScope = 'room' | 'everywhere';

interface OpenSearch {
  readonly scope: SearchScope;
  /** What had the focus before, and gets it back. */
  readonly opener: HTMLElement | null;
}

interface Lightbox {
  readonly images: readonly ShownImage[];
  readonly index: number;
  /** Author and time of the message. */
  readonly caption: string;
}

/** What is open in this tab and can be opened from several places. What lasts longer is kept by `use-theme.ts` & co. */
export const useUiStore = defineStore('ui', () => {
  /** The dialog over the whole chat. */
  const overlay = shallowRef<'switcher' | 'shortcuts' | 'settings' | null>(null);
  /** The search panel; a new object each time it is opened, also while it is open. */
  const search = shallowRef<OpenSearch | null>(null);
  /** Kept outside of the timeline, whose rows are unmounted when they are scrolled away. */
  const lightbox = shallowRef<Lightbox | null>(null);
  /** The message whose text is being edited. */
  const editing = ref<MessageId | null>(null);

  function openSearch(scope: SearchScope): void {
    const { activeElement } = document;
    const focused = activeElement instanceof HTMLElement ? activeElement : null;
    search.value = { scope, opener: search.value?.opener ?? focused };
  }

  /** When the chat is left. */
  function closeChat(): void {
    overlay.value = null;
    search.value = null;
  }

  useEngineStore().onDisconnect(() => (editing.value = null));

  return { overlay, search, lightbox, editing, openSearch, closeChat };
});
