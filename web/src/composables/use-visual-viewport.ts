import { useEventListener } from '@vueuse/core';

/** Keeps the app as high as an on-screen keyboard leaves it: iOS does not shrink the page. */
export function useVisualViewport(): void {
  const viewport = window.visualViewport;
  if (viewport === null) return;
  useEventListener(viewport, 'resize', () => {
    document.documentElement.style.setProperty('--app-height', `${viewport.height}px`);
    // iOS scrolls the page to bring the focused field up; the app already fits, so scroll back.
    if (viewport.offsetTop > 0) window.scrollTo(0, 0);
  });
}
