import { onScopeDispose } from 'vue';

/** Keeps the app as high as what an on-screen keyboard leaves: iOS does not shrink the page for it. */
export function useVisualViewport(): void {
  const viewport = window.visualViewport;
  if (viewport === null) return;
  const update = (): void => {
    document.documentElement.style.setProperty('--app-height', `${viewport.height}px`);
    // iOS scrolls the page to bring the focused field up; the app already fits, so take that back.
    if (viewport.offsetTop > 0) window.scrollTo(0, 0);
  };
  viewport.addEventListener('resize', update);
  onScopeDispose(() => viewport.removeEventListener('resize', update));
}
