import type { MessagesPage, RoomEvent, RoomId } from '@parley/protocol';
import type { TimelineEntry, TimelineView } from '../worker/messages.ts';

/** A room's log as far as it is loaded: everything from the first entry up to `head`. */
export interface Timeline extends TimelineView {
  readonly state: 'ready';
  /** seq up to which the log has been applied; entries of membership before the first page are not in `entries`. */
  readonly head: number;
}

/** The newest page of a room's messages, as the beginning of a timeline. */
export function firstPage(roomId: RoomId, page: MessagesPage): Timeline {
  return { roomId, state: 'ready', entries: messagesOf(page), more: page.more, head: page.head };
}

/** Puts an older page above what is loaded. */
export function withOlder(timeline: Timeline, page: MessagesPage): Timeline {
  return { ...timeline, entries: merge(timeline.entries, messagesOf(page)), more: page.more };
}

/** Applies the log's next events; those at or below the head are ignored. They must follow it without a hole. */
export function withEvents(timeline: Timeline, events: readonly RoomEvent[]): Timeline {
  const fresh = events.filter((event) => event.seq > timeline.head);
  const last = fresh.at(-1);
  if (!last) return timeline;
  return { ...timeline, entries: merge(timeline.entries, fresh.map(toEntry)), head: last.seq };
}

/** Two runs of entries as one, ascending by seq; where both have a seq, the second's stands. */
export function merge(one: readonly TimelineEntry[], other: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const lastOfOne = one.at(-1);
  const firstOfOther = other[0];
  if (!lastOfOne || !firstOfOther || lastOfOne.seq < firstOfOther.seq) return [...one, ...other];
  const bySeq = new Map([...one, ...other].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

export function toEntry(event: RoomEvent): TimelineEntry {
  switch (event.event) {
    case 'message_created':
      return { kind: 'message', seq: event.seq, message: event.data.message };
    case 'member_joined':
      return { kind: 'joined', seq: event.seq, userId: event.data.user.userId };
    case 'member_left':
      return { kind: 'left', seq: event.seq, userId: event.data.userId };
  }
}

const messagesOf = (page: MessagesPage): readonly TimelineEntry[] =>
  page.messages.map((message) => ({ kind: 'message', seq: message.seq, message }));
