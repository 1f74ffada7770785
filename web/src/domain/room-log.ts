import type { RoomEvent, RoomEventName, RoomId } from '@parley/protocol';

/** Events beyond a gap that are held per room; what is dropped is read again when the gap is repaired. */
const MAX_HELD = 200;

/** An entry of a newer release: it takes its seq and is skipped. Nothing may be assumed of its data. */
interface UnknownEntry {
  readonly event: string;
  readonly roomId: RoomId;
  readonly seq: number;
  readonly data: unknown;
}

export type LogEntry = RoomEvent | UnknownEntry;

const KNOWN_EVENTS: Readonly<Record<RoomEventName, true>> = {
  message_created: true,
  message_updated: true,
  message_deleted: true,
  reaction_changed: true,
  room_renamed: true,
  member_joined: true,
  member_left: true,
};

export const isKnownEntry = (entry: LogEntry): entry is RoomEvent => Object.hasOwn(KNOWN_EVENTS, entry.event);

/** Whether what the server sent has a place in a room's log, known or not. */
export function isLogEntry(event: object): event is LogEntry {
  const { roomId, seq } = event as Partial<UnknownEntry>;
  return typeof roomId === 'string' && typeof seq === 'number';
}

/** The received part of a room's log: applied up to `position`; `held` are the entries beyond a gap, ascending. */
export interface LogIntake<Entry extends LogEntry = RoomEvent> {
  readonly position: number;
  readonly held: readonly Entry[];
}

/** The entries that may be applied now, in order, and whether a gap stays. */
export interface Admission<Entry extends LogEntry = RoomEvent> {
  readonly ready: readonly Entry[];
  readonly intake: LogIntake<Entry>;
  readonly gap: boolean;
}

/**
 * Puts entries that came in any order, repeated or with holes between them, into the log's order. Those at or below the
 * position are ignored; those beyond a hole are held until it is filled.
 */
export function admit<Entry extends LogEntry>(intake: LogIntake<Entry>, entries: readonly Entry[]): Admission<Entry> {
  const beyond = new Map<number, Entry>();
  for (const entry of [...intake.held, ...entries]) {
    if (entry.seq > intake.position && !beyond.has(entry.seq)) beyond.set(entry.seq, entry);
  }
  const ready: Entry[] = [];
  let position = intake.position;
  for (let next = beyond.get(position + 1); next !== undefined; next = beyond.get(position + 1)) {
    beyond.delete(next.seq);
    ready.push(next);
    position = next.seq;
  }
  const held = [...beyond.values()].sort((one, other) => one.seq - other.seq).slice(0, MAX_HELD);
  return { ready, intake: { position, held }, gap: held.length > 0 };
}
