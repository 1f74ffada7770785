import type { RoomId } from '@parley/protocol';
import { useEngineStore } from '../../stores/engine.ts';

/** Not each key is worth a message to the engine, which says it to the server more rarely still. */
const EVERY_MS = 1_000;

/** Tells the others that one is typing. */
export function useTyping(roomId: RoomId) {
  const engine = useEngineStore();
  let toldAt = -Infinity;

  function typed(text: string): void {
    const now = performance.now();
    if (text.trim() === '' || now - toldAt < EVERY_MS) return;
    toldAt = now;
    engine.request('set_typing', { roomId }).catch(() => undefined);
  }

  return { typed };
}
