import type { Message, MessagesPage, RoomId, UserId } from '@parley/protocol';
import type { MessageChange } from './message-changes.ts';
import { changedMessage } from './message-changes.ts';
import { isKnownEntry, type LogEntry } from './room-log.ts';

/** A line of a timeline, made from an entry of the room's log. */
export type TimelineEntry =
  | { readonly kind: 'message'; readonly seq: number; readonly message: Message }
  | { readonly kind: 'joined'; readonly seq: number; readonly userId: UserId }
  /** `removedBy`: the owner who removed the member; null: the member left. */
  | { readonly kind: 'left'; readonly seq: number; readonly userId: UserId; readonly removedBy: UserId | null }
  /** `name`: null: the room has no name any more. */
  | { readonly kind: 'renamed'; readonly seq: number; readonly userId: UserId; readonly name: string | null };

/** The loaded part of an open room's log. Entries ascend by seq. */
export interface TimelineView {
  readonly roomId: RoomId;
  readonly entries: readonly TimelineEntry[];
  /** Older messages may exist above the first entry. */
  readonly more: boolean;
  /** failed: the first page could not be loaded; the engine tries again. */
  readonly state: 'loading' | 'ready' | 'failed';
}

/** The loaded part of a room's log: everything from the first entry up to `head`. */
export interface Timeline extends TimelineView {
  readonly state: 'ready';
  /** The seq up to which the log was applied; membership entries before the first page are not in `entries`. */
  readonly head: number;
}

/** The newest page of a room's messages, as the beginning of a timeline. */
export function firstPage(roomId: RoomId, page: MessagesPage): Timeline {
  return { roomId, state: 'ready', entries: messagesOf(page), more: page.more, head: page.head };
}

/** Adds an older page above the loaded entries. */
export function withOlder(timeline: Timeline, page: MessagesPage): Timeline {
  return { ...timeline, entries: merge(timeline.entries, messagesOf(page)), more: page.more };
}

/** A timeline after entries were applied, and its new or changed lines, ascending by seq. */
export interface Applied {
  readonly timeline: Timeline;
  readonly changed: readonly TimelineEntry[];
}

/** Applies the log's next entries; those at or below the head are ignored. They must follow it without a hole. */
export function withEvents(timeline: Timeline, events: readonly LogEntry[], self: UserId): Applied {
  const fresh = events.filter((event) => event.seq > timeline.head);
  const last = fresh.at(-1);
  if (!last) return { timeline, changed: [] };
  const changes = new Map<number, TimelineEntry>();
  for (const event of fresh) {
    const entry = toEntry(event, (seq) => changes.get(seq) ?? entryAt(timeline.entries, seq), self);
    if (entry) changes.set(entry.seq, entry);
  }
  const changed = [...changes.values()].sort((a, b) => a.seq - b.seq);
  return { timeline: { ...timeline, entries: merge(timeline.entries, changed), head: last.seq }, changed };
}

/** Applies changes to lines of any part of a log; returns the same object if none of them is changed. */
export function withChanges(
  entries: readonly TimelineEntry[],
  changes: readonly MessageChange[],
  self: UserId,
): readonly TimelineEntry[] {
  const changed = new Map<number, TimelineEntry>();
  for (const change of changes) {
    const entry = toEntry(change, (seq) => changed.get(seq) ?? entryAt(entries, seq), self);
    if (entry) changed.set(entry.seq, entry);
  }
  return changed.size === 0 ? entries : merge(entries, [...changed.values()]);
}

/** Merges two runs of lines, ascending by seq; where both have a seq, the second one wins. */
export function merge(one: readonly TimelineEntry[], other: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const lastOfOne = one.at(-1);
  const firstOfOther = other[0];
  if (!lastOfOne || !firstOfOther || lastOfOne.seq < firstOfOther.seq) return [...one, ...other];
  const bySeq = new Map([...one, ...other].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The line that an entry adds or changes; undefined if the changed line is not loaded, or the entry is unknown. */
function toEntry(
  event: LogEntry,
  loaded: (seq: number) => TimelineEntry | undefined,
  self: UserId,
): TimelineEntry | undefined {
  const { seq } = event;
  if (!isKnownEntry(event)) return undefined;
  switch (event.event) {
    case 'message_created':
      return toLine(event.data.message);
    case 'member_joined':
      return { kind: 'joined', seq, userId: event.data.user.userId };
    case 'member_left':
      return { kind: 'left', seq, userId: event.data.userId, removedBy: event.data.removedBy ?? null };
    case 'room_renamed':
      return { kind: 'renamed', seq, userId: event.data.userId, name: event.data.name };
    case 'message_updated':
    case 'message_deleted':
    case 'reaction_changed': {
      const line = loaded(changedSeq(event));
      return line?.kind === 'message' ? toLine(changedMessage(line.message, event, self)) : undefined;
    }
  }
}

/** The seq of the message that an entry changes. */
const changedSeq = (change: MessageChange): number =>
  change.event === 'message_updated' ? change.data.message.seq : change.data.messageSeq;

/** The line with that seq, by binary search. */
export function entryAt(entries: readonly TimelineEntry[], seq: number): TimelineEntry | undefined {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.seq ?? Infinity) < seq) low = middle + 1;
    else high = middle;
  }
  return entries[low]?.seq === seq ? entries[low] : undefined;
}

/** As gateways of a release without reactions send it. */
type AnyMessage = Omit<Message, 'reactions'> & Partial<Pick<Message, 'reactions'>>;

const toLine = ({ reactions = [], ...message }: AnyMessage): TimelineEntry => ({
  kind: 'message',
  seq: message.seq,
  message: { ...message, reactions },
});

/** The lines of a page of history. */
export const messagesOf = (page: Pick<MessagesPage, 'messages'>): readonly TimelineEntry[] => page.messages.map(toLine);

const LINE_KINDS: Readonly<Record<TimelineEntry['kind'], true>> = {
  message: true,
  joined: true,
  left: true,
  renamed: true,
};

/** Without lines of kinds that this build does not know: a newer build may have cached them. */
export const withKnownLines = (timeline: Timeline): Timeline => ({
  ...timeline,
  entries: timeline.entries.filter(({ kind }) => Object.hasOwn(LINE_KINDS, kind)),
});
