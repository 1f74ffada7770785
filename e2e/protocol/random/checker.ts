import { isDeepStrictEqual } from 'node:util';
import type { RoomEvent, RoomId, RoomSummary, UserId } from '@parley/protocol';
import { constantPart, messageSeqOf, messagesAfter, withoutMine } from './message-states.ts';
import type { Acknowledged, AcknowledgedChange, Observation, Stay, Truth } from './observation.ts';

export type ViolationKind =
  'hole' | 'lost' | 'missing' | 'doubled' | 'order' | 'altered' | 'foreign' | 'stale' | 'refused';

/** What may be wrong as long as repairs are under way; anything else stays wrong. */
const REPAIRABLE: readonly ViolationKind[] = ['missing', 'altered', 'stale'];

export const isRepairable = ({ kind }: Violation): boolean => REPAIRABLE.includes(kind);

export interface Violation {
  readonly kind: ViolationKind;
  readonly detail: string;
}

/** Everything in which the clients' states and the database break Parley's promises. */
export function findViolations(truth: Truth, observations: readonly Observation[]): Violation[] {
  return [
    ...[...truth.logs].flatMap(([roomId, log]) => checkLog(roomId, log)),
    ...[...truth.rooms].flatMap(([userId, rooms]) => rooms.flatMap((room) => checkReadCount(truth, userId, room))),
    ...observations.flatMap((observation) => [
      ...observation.acknowledged.flatMap((acknowledged) => checkAcknowledged(truth, observation, acknowledged)),
      ...checkSendingOrder(observation),
      ...checkChanges(truth, observation),
      ...observation.stays.flatMap((stay) => checkStay(truth, observation, stay)),
      ...checkRooms(truth, observation),
      ...checkRead(truth, observation),
      ...observation.unexpected.map((event) =>
        violation('foreign', `${observation.client} got ${name(event)} of a room that was not announced`),
      ),
      ...observation.refusals.map(({ code, message }) =>
        violation('refused', `${observation.client} got ${code}: ${message}`),
      ),
    ]),
  ];
}

/** A log is 1, 2, 3, … and has every message once. */
function checkLog(roomId: RoomId, log: readonly RoomEvent[]): Violation[] {
  const where = `the log of ${roomId}`;
  return [
    ...log.flatMap((event, index) =>
      event.seq === index + 1 ? [] : [violation('hole', `${where} has ${name(event)} in place ${index + 1}`)],
    ),
    ...checkDoubled(where, log),
  ];
}

function checkDoubled(where: string, events: readonly RoomEvent[]): Violation[] {
  const seen = new Set<string | number>();
  return events.flatMap((event) => {
    const identities = event.event === 'message_created' ? [event.data.message.messageId, event.seq] : [event.seq];
    const doubled = identities.some((identity) => seen.has(identity));
    for (const identity of identities) seen.add(identity);
    return doubled ? [violation('doubled', `${where} has ${name(event)} twice`)] : [];
  });
}

function checkAcknowledged({ logs }: Truth, { client }: Observation, { message }: Acknowledged): Violation[] {
  const { roomId, seq, messageId } = message;
  const log = logs.get(roomId) ?? [];
  const stored = log.find((event) => event.event === 'message_created' && event.data.message.messageId === messageId);
  if (stored?.event !== 'message_created') {
    return [
      violation('lost', `${client} has an acknowledgement of ${messageId}, which is not in the log of ${roomId}`),
    ];
  }
  if (stored.seq !== seq) return [violation('order', `${client} got seq ${seq} for ${name(stored)} of ${roomId}`)];
  // The log has the later changes of its content.
  const changed = log.some((event) => event.seq > seq && messageSeqOf(event) === seq);
  if (changed || isDeepStrictEqual(withoutMine(stored.data.message), withoutMine(message))) return [];
  return [violation('altered', `${client} got another ${name(stored)} of ${roomId}`)];
}

/** Every acknowledged change has an entry; what was deleted stays so; a reaction that was only ever set is there. */
function checkChanges({ logs }: Truth, { client, userId, changes }: Observation): Violation[] {
  const texts = new Map<string, Set<string>>();
  return changes.flatMap((change) => {
    const log = logs.get(change.roomId) ?? [];
    const message = [...messagesAfter(log).values()].find(({ messageId }) => messageId === change.messageId);
    if (!message) return [violation('lost', `${client} changed ${change.messageId}, which is not in the log`)];
    const entries = log.filter((event) => messageSeqOf(event) === message.seq);
    const lost = violation('lost', `${client} got ok for ${JSON.stringify(change)}, which the log has not`);
    switch (change.kind) {
      case 'update': {
        const own = texts.get(change.messageId) ?? new Set();
        texts.set(change.messageId, own.add(change.text));
        return entries.filter(({ event }) => event === 'message_updated').length < own.size ? [lost] : [];
      }
      case 'delete':
        return message.deletedAt === undefined ? [lost] : [];
      case 'react':
        return hasReaction(entries, message.seq, userId, change) ? [] : [lost];
    }
  });
}

/** The reaction's entry, or none where it was so already: then another connection of the person made it. */
function hasReaction(
  entries: readonly RoomEvent[],
  seq: number,
  userId: UserId,
  { emoji, on }: Extract<AcknowledgedChange, { kind: 'react' }>,
): boolean {
  const own = entries.filter(
    (event) => event.event === 'reaction_changed' && event.data.emoji === emoji && event.data.userId === userId,
  );
  return own.some((event) => event.seq > seq && event.event === 'reaction_changed' && event.data.on === on) || !on;
}

/** Messages of one connection to one room are stored in the order sent. */
function checkSendingOrder({ client, acknowledged }: Observation): Violation[] {
  const lasts = new Map<string, number>();
  return acknowledged.flatMap(({ message: { roomId, seq }, connection }) => {
    if (connection === undefined) return [];
    const lane = `${connection} ${roomId}`;
    const last = lasts.get(lane) ?? 0;
    lasts.set(lane, seq);
    if (seq > last) return [];
    return [violation('order', `${client} sent what is stored as ${seq} of ${roomId} after what is stored as ${last}`)];
  });
}

function checkStay({ logs, founders }: Truth, { client, userId }: Observation, stay: Stay): Violation[] {
  const { roomId } = stay.room;
  const where = `${client} in ${roomId}`;
  const log = logs.get(roomId) ?? [];
  const own = log.filter((event) => memberOf(event) === userId);
  const wasMember = founders.get(roomId)?.has(userId) === true || own.length > 0;
  const last = own.at(-1);
  const end = !wasMember ? 0 : last?.event === 'member_left' ? last.seq : Infinity;
  const leftAt = stay.live.findIndex((event) => event.event === 'member_left' && event.data.userId === userId);
  const afterLeaving = leftAt < 0 ? [] : stay.live.slice(leftAt + 1);
  const beyond = [...stay.live, ...stay.applied].filter(({ seq }) => seq > end);
  return [
    ...checkApplied(where, log, stay),
    ...afterLeaving.map((event) => violation('foreign', `${where} got ${name(event)} after leaving`)),
    ...beyond.map((event) => violation('foreign', `${where} has ${name(event)}, and was a member up to ${end}`)),
  ];
}

/** A client has all entries since the room was announced to it, or if it has left, a prefix of them. */
function checkApplied(where: string, log: readonly RoomEvent[], { from, applied, ended }: Stay): Violation[] {
  const seqs = new Set(applied.map(({ seq }) => seq));
  const end = ended ? Math.max(from, ...seqs) : log.length;
  const missing = log.slice(from, end).filter(({ seq }) => !seqs.has(seq));
  const unsorted = applied.filter((event, index) => event.seq < (applied[index - 1]?.seq ?? from));
  const altered = applied.filter((event) => {
    const stored = log[event.seq - 1];
    return !stored || !isDeepStrictEqual(constantPart(event), constantPart(stored));
  });
  return [
    ...missing.map((event) => violation('missing', `${where} lacks ${name(event)}`)),
    ...checkDoubled(where, applied),
    ...unsorted.map((event) => violation('order', `${where} applied ${name(event)} too late`)),
    ...altered.map((event) => violation('altered', `${where} has another ${name(event)} than the log`)),
    ...checkMessages(where, log.slice(from), end, applied),
  ];
}

/** Each message is as a fresh client gets it, except for users who have left: they miss later changes. */
function checkMessages(
  where: string,
  log: readonly RoomEvent[],
  end: number,
  applied: readonly RoomEvent[],
): Violation[] {
  const unknown = new Set(log.filter(({ seq }) => seq > end).map(messageSeqOf));
  const [has, is] = [messagesAfter(applied), messagesAfter(log)];
  return [...has.values()]
    .filter(({ seq }) => !unknown.has(seq) && !isDeepStrictEqual(has.get(seq), is.get(seq)))
    .map(({ seq }) => violation('altered', `${where} shows message ${seq} otherwise than a fresh client`));
}

/** The list of rooms is the one that a fresh client gets. */
function checkRooms({ rooms }: Truth, { client, userId, stays }: Observation): Violation[] {
  const shown = new Map(stays.filter(({ ended }) => !ended).map(({ room }) => [room.roomId, room]));
  const stored = new Map((rooms.get(userId) ?? []).map((room) => [room.roomId, room]));
  return [...new Set([...shown.keys(), ...stored.keys()])].flatMap((roomId) => {
    const [has, is] = [shown.get(roomId), stored.get(roomId)].map((room) => room && lineOf(room));
    if (isDeepStrictEqual(has, is)) return [];
    return [violation('stale', `${client} shows ${JSON.stringify(has)} and not ${JSON.stringify(is)}`)];
  });
}

/** What was answered is stored, and an author has read up to their message. */
function checkRead({ rooms }: Truth, { client, userId, read, acknowledged }: Observation): Violation[] {
  return (rooms.get(userId) ?? []).flatMap(({ roomId, readSeq, head }) => {
    const deliveredSeq = read.get(roomId) ?? 0;
    const own = acknowledged.map(({ message }) => message).filter((message) => message.roomId === roomId);
    const written = own.map(({ seq }) => seq).filter((seq) => seq <= head);
    return [
      ...(readSeq < deliveredSeq
        ? [violation('lost', `${client} has read ${roomId} up to ${deliveredSeq}, not ${readSeq}`)]
        : []),
      ...(readSeq < Math.max(0, ...written)
        ? [violation('stale', `${client} wrote after ${readSeq} of ${roomId}`)]
        : []),
    ];
  });
}

/** Of a room as delivered to a new client. */
function checkReadCount({ logs }: Truth, userId: UserId, { roomId, readSeq, readCount }: RoomSummary): Violation[] {
  const log = logs.get(roomId) ?? [];
  const count = log.filter(({ event, seq }) => event === 'message_created' && seq <= readSeq).length;
  if (count === readCount) return [];
  return [violation('altered', `${userId} has read ${readCount} messages up to ${readSeq} of ${roomId}, not ${count}`)];
}

/**
 * Without what is one client's own (up to where it has read), and without the members' names: a summary may name
 * users whose entry the client has yet to apply, and does not name members after the first five.
 */
function lineOf(room: RoomSummary): Partial<RoomSummary> {
  const { roomId, name, memberCount, role, head, count, lastMessage, createdAt } = room;
  return {
    roomId,
    name,
    memberCount,
    role,
    head,
    count,
    lastMessage: lastMessage && withoutMine(lastMessage),
    createdAt,
  };
}

function memberOf(event: RoomEvent): UserId | undefined {
  if (event.event === 'member_joined') return event.data.user.userId;
  return event.event === 'member_left' ? event.data.userId : undefined;
}

const name = ({ event, seq }: RoomEvent): string => `${event} ${seq}`;

const violation = (kind: ViolationKind, detail: string): Violation => ({ kind, detail });
