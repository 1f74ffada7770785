import type { Message, MessageId, UserId, WireError } from '@parley/protocol';
import { ofAttachment, ofDraftAttachment, type ShownImage } from '../../format/shown-image.ts';
import { dayNumber } from '../../format/time.ts';
import type { LoadedTimeline } from '../../stores/merge-timeline.ts';
import type { TimelineEntry } from '../../domain/timeline.ts';
import type { UnsentMessage, UnsentStatus } from '../../domain/outbox.ts';

/** A row of the timeline. `key` identifies it across renders. */
export type TimelineRow = MessageRow | MembershipRow | RenamedRow | DayRow | NewRow;

export interface MessageRow {
  readonly kind: 'message';
  readonly key: MessageId;
  readonly messageId: MessageId;
  /** null: not acknowledged yet. */
  readonly seq: number | null;
  readonly userId: UserId;
  readonly own: boolean;
  readonly text: string;
  readonly images: readonly ShownImage[];
  readonly at: number;
  /** The first of its group, which shows author and time. */
  readonly first: boolean;
  readonly replyTo: MessageId | null;
  readonly mentions: readonly UserId[];
  /** The message in the log; null: not acknowledged yet. */
  readonly message: Message | null;
  readonly status: UnsentStatus | 'success';
  readonly error: WireError | null;
}

/** Consecutive joins and leaves. */
export interface MembershipRow {
  readonly kind: 'membership';
  readonly key: string;
  readonly joined: readonly UserId[];
  readonly left: readonly UserId[];
  readonly removed: readonly UserId[];
}

/** The room was renamed; null: the name was removed, and the room is shown by its members. */
export interface RenamedRow {
  readonly kind: 'renamed';
  readonly key: string;
  readonly userId: UserId;
  readonly name: string | null;
}

interface DayRow {
  readonly kind: 'day';
  readonly key: string;
  readonly at: number;
}

/** Precedes the first message that was unread when the user opened the room. */
interface NewRow {
  readonly kind: 'new';
  readonly key: 'new';
}

export interface RowOptions {
  readonly ownId: UserId;
  /** The "New" row follows this seq; null: there is none. */
  readonly newAfter: number | null;
}

const NO_USERS: readonly UserId[] = [];

/** Messages of a user form a group for this long after its first. */
export const GROUP_MS = 5 * 60_000;

/** The last row of each entry, reused while equal: Vue does not render the same object again. */
const drawnRows = new WeakMap<TimelineEntry, MessageRow>();

/** The rows of a timeline: the log, then the user's messages that are not acknowledged yet. */
export function timelineRows(
  timeline: Pick<LoadedTimeline, 'entries' | 'more' | 'pageStarts'>,
  unsent: readonly UnsentMessage[],
  options: RowOptions,
): TimelineRow[] {
  const rows = new RowBuilder(options, timeline.more);
  for (const entry of timeline.entries) {
    if (timeline.pageStarts.has(entry.seq)) rows.breakGroup();
    rows.addEntry(entry);
  }
  for (const message of unsent) rows.addUnsent(message);
  return rows.rows;
}

class RowBuilder {
  readonly rows: TimelineRow[] = [];
  readonly #options: RowOptions;
  /** `unknown`: older messages are not loaded, so the first message has no day row; it would move when they arrive. */
  #day: number | 'unknown' | null;
  #group: { userId: UserId; since: number } | null = null;
  #fold: { joined: UserId[]; left: UserId[]; removed: UserId[] } | null = null;
  #newPending: boolean;

  constructor(options: RowOptions, more: boolean) {
    this.#options = options;
    this.#day = more ? 'unknown' : null;
    this.#newPending = options.newAfter !== null;
  }

  breakGroup(): void {
    this.#group = null;
    this.#fold = null;
  }

  addEntry(entry: TimelineEntry): void {
    if (entry.kind === 'renamed') {
      this.#addRenamed(entry);
      return;
    }
    if (entry.kind !== 'message') {
      this.#addMembership(entry);
      return;
    }
    const { message } = entry;
    const own = message.userId === this.#options.ownId;
    this.#startDay(message.createdAt, message.messageId);
    if (!own) this.#startNew(entry.seq);
    const first = this.#startsGroup(message.userId, message.createdAt);
    const known = drawnRows.get(entry);
    const row = known?.first === first && known.own === own ? known : loggedRow(message, { own, first });
    drawnRows.set(entry, row);
    this.rows.push(row);
  }

  addUnsent(message: UnsentMessage): void {
    const { messageId, text, images, replyTo, mentions, createdAt, status, error } = message;
    this.#startDay(createdAt, messageId);
    const userId = this.#options.ownId;
    this.rows.push({
      kind: 'message',
      key: messageId,
      messageId,
      seq: null,
      userId,
      own: true,
      text,
      images: images.map(ofDraftAttachment),
      at: createdAt,
      first: this.#startsGroup(userId, createdAt),
      replyTo,
      mentions,
      message: null,
      status,
      error,
    });
  }

  /** Whether a message starts a group, to which the following messages belong. */
  #startsGroup(userId: UserId, at: number): boolean {
    const group = this.#group;
    const first = group?.userId !== userId || Math.abs(at - group.since) >= GROUP_MS;
    if (first) this.#group = { userId, since: at };
    this.#fold = null;
    return first;
  }

  #addMembership(entry: Extract<TimelineEntry, { kind: 'joined' | 'left' }>): void {
    this.#group = null;
    if (this.#fold === null) {
      this.#fold = { joined: [], left: [], removed: [] };
      this.rows.push({ kind: 'membership', key: `membership-${entry.seq}`, ...this.#fold });
    }
    const isRemoval = entry.kind === 'left' && entry.removedBy !== null;
    this.#fold[isRemoval ? 'removed' : entry.kind].push(entry.userId);
  }

  #addRenamed({ seq, userId, name }: Extract<TimelineEntry, { kind: 'renamed' }>): void {
    this.breakGroup();
    this.rows.push({ kind: 'renamed', key: `renamed-${seq}`, userId, name });
  }

  /** Adds a day row for a later day only: a message written by a slow clock does not go back a day. */
  #startDay(at: number, messageId: MessageId): void {
    const day = dayNumber(at);
    const before = this.#day;
    if (before === 'unknown') {
      this.#day = day;
      return;
    }
    if (before !== null && day <= before) return;
    this.#day = day;
    this.breakGroup();
    this.rows.push({ kind: 'day', key: `day-${messageId}`, at });
  }

  #startNew(seq: number): void {
    if (!this.#newPending || seq <= (this.#options.newAfter ?? 0)) return;
    this.#newPending = false;
    this.breakGroup();
    this.rows.push({ kind: 'new', key: 'new' });
  }
}

const loggedRow = (message: Message, { own, first }: Pick<MessageRow, 'own' | 'first'>): MessageRow => ({
  kind: 'message',
  key: message.messageId,
  messageId: message.messageId,
  seq: message.seq,
  userId: message.userId,
  own,
  text: message.text,
  images: message.attachments.map(ofAttachment),
  at: message.createdAt,
  first,
  replyTo: message.replyTo ?? null,
  mentions: message.mentions ?? NO_USERS,
  message,
  status: 'success',
  error: null,
});
