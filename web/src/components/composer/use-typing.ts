import type { RoomId } from '@parley/protocol';
import { useEngineStore } from '../../stores/engine.ts';

/** Interval of typing notices to the engine, which sends fewer of them to the server. */
const EVERY_MS = 1_000;

/** Sends typing notices while the user types. */
export function useTyping(roomId: RoomId) {
  const engine = useEngineStore();
  let sentAt = -Infinity;

  function typed(text: string): void {
    const now = performance.now();
    if (text.trim() === '' || now - sentAt < EVERY_MS) return;
    sentAt = now;
    engine.request('set_typing', { roomId }).catch(() => undefined);
  }

  return { typed };
}
