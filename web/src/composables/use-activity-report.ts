import { onScopeDispose } from 'vue';
import { useEngineStore } from '../stores/engine.ts';

/** Small beside the minutes after which one is away: each key would be a message to the engine. */
const EVERY_MS = 30_000;
const INPUTS = ['keydown', 'pointerdown', 'wheel', 'touchstart', 'touchmove'] as const;

/** Tells the engine that somebody is at this tab, as long as there is input. */
export function useActivityReport(): void {
  const engine = useEngineStore();
  let toldAt = -Infinity;

  function tell(): void {
    const now = performance.now();
    if (now - toldAt < EVERY_MS) return;
    toldAt = now;
    engine.request('set_active', {}).catch(() => undefined);
  }

  const leaving = new AbortController();
  // On the window and before anybody else: an input that a component keeps to itself is one, too.
  for (const input of INPUTS) {
    window.addEventListener(input, tell, { capture: true, passive: true, signal: leaving.signal });
  }
  onScopeDispose(() => leaving.abort());
}
