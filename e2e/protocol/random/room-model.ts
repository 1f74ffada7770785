/**
 * The test's own model of a room: how its log and its summary follow from received entries. It is written from
 * docs/protocol.md, and shares no code with the web client, which it must not depend on.
 */
import {
  LIMITS,
  type LastMessage,
  type Message,
  type RoomEvent,
  type RoomSummary,
  type UserId,
} from '@parley/protocol';

/** All entries up to `position` have been applied; `held` are received entries after a gap. */
export interface LogIntake {
  readonly position: number;
  readonly held: readonly RoomEvent[];
}

export interface Admission {
  /** The entries to apply now, in the order of the log. */
  readonly ready: readonly RoomEvent[];
  readonly intake: LogIntake;
  readonly gap: boolean;
}

/** Brings received entries into the order of the log, without repetitions; those after a gap wait for the missing ones. */
export function admit({ position, held }: LogIntake, events: readonly RoomEvent[]): Admission {
  const bySeq = [...held, ...events].sort((one, other) => one.seq - other.seq);
  const ready: RoomEvent[] = [];
  const waiting: RoomEvent[] = [];
  let [last, applied] = [position, position];
  for (const event of bySeq) {
    if (event.seq <= last) continue;
    last = event.seq;
    if (event.seq === applied + 1) {
      ready.push(event);
      applied = event.seq;
    } else {
      waiting.push(event);
    }
  }
  return { ready, intake: { position: applied, held: waiting }, gap: waiting.length > 0 };
}

/** The room's summary after the next entry of its log, without the read position, which no entry moves. */
export function roomAfter(room: RoomSummary, event: RoomEvent, self: UserId): RoomSummary {
  if (event.seq <= room.head) return room;
  const next = { ...room, head: event.seq };
  switch (event.event) {
    case 'message_created':
      return { ...next, count: room.count + 1, lastMessage: shortened(event.data.message) };
    case 'message_updated':
      return withLastMessage(next, event.data.message.messageId, () => event.data.message);
    case 'message_deleted':
      return withLastMessage(next, event.data.messageId, (last) => withoutContent(last, event.data.deletedAt));
    case 'reaction_changed':
      return withLastMessage(next, event.data.messageId, (last) => ({ ...last, reactions: event.data.reactions }));
    case 'room_renamed':
      return { ...next, name: event.data.name };
    case 'member_joined':
      return { ...next, memberCount: room.memberCount + 1 };
    case 'member_left':
      return {
        ...next,
        memberCount: room.memberCount - 1,
        ...(event.data.newOwnerId === self ? { role: 'owner' as const } : {}),
      };
    default:
      // An entry of a later release takes its seq and changes nothing else.
      return next;
  }
}

/** The later one of a known and a received summary: an answer may be older than the entries that came before it. */
export const laterRoom = (known: RoomSummary, received: RoomSummary): RoomSummary =>
  received.head >= known.head ? received : known;

/** A message after its deletion. */
export const withoutContent = ({ roomId, seq, messageId, userId, createdAt }: Message, deletedAt: number): Message => ({
  ...{ roomId, seq, messageId, userId, createdAt, deletedAt },
  ...{ text: '', attachments: [], reactions: [] },
});

function withLastMessage(
  room: RoomSummary,
  messageId: string,
  change: (last: LastMessage) => LastMessage,
): RoomSummary {
  if (room.lastMessage?.messageId !== messageId) return room;
  return { ...room, lastMessage: shortened(change(room.lastMessage)) };
}

const shortened = (message: LastMessage): LastMessage =>
  message.text.length > LIMITS.lastMessageTextLength
    ? { ...message, text: message.text.slice(0, LIMITS.lastMessageTextLength), truncated: true }
    : message;
