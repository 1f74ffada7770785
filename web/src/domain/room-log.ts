import type { RoomEvent } from '@parley/protocol';

/** Events beyond a gap are kept up to this many a room; what is let go is read again when the gap is repaired. */
const HELD_AT_MOST = 200;

/** What has come of a room's log: everything up to `position` was applied, `held` stands beyond a gap, ascending. */
export interface LogIntake {
  readonly position: number;
  readonly held: readonly RoomEvent[];
}

/** What an event did: the events that may be applied now, in order, and whether a gap stays. */
export interface Admission {
  readonly ready: readonly RoomEvent[];
  readonly intake: LogIntake;
  readonly gap: boolean;
}

/**
 * Puts events that came in any order, repeated or with holes between them, into the log's order.
 * At or below the position they are ignored; beyond a hole they are held until it is filled.
 */
export function admit(intake: LogIntake, events: readonly RoomEvent[]): Admission {
  const beyond = new Map<number, RoomEvent>();
  for (const event of [...intake.held, ...events]) {
    if (event.seq > intake.position && !beyond.has(event.seq)) beyond.set(event.seq, event);
  }
  const ready: RoomEvent[] = [];
  let position = intake.position;
  for (let next = beyond.get(position + 1); next !== undefined; next = beyond.get(position + 1)) {
    beyond.delete(next.seq);
    ready.push(next);
    position = next.seq;
  }
  const held = [...beyond.values()].sort((one, other) => one.seq - other.seq).slice(0, HELD_AT_MOST);
  return { ready, intake: { position, held }, gap: held.length > 0 };
}
