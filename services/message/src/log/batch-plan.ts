import { ParleyError, type Head } from '@parley/contracts';
import { LIMITS, type MessageId, type UserId } from '@parley/protocol';
import type { BatchChanges, MentionTargets, ReactionWrite } from './batch-changes.ts';
import {
  isChange,
  isMessage,
  type MessageChange,
  type ChangeRecord,
  type NewEntry,
  type Entry,
  type MessageEntry,
  type Messages,
  type UnsequencedEntry,
  type VerbatimEntry,
  type ReactionToggle,
} from './entry.ts';
import { deleteMessage, noSuchMessage, setReaction, updateMessage } from './message-change.ts';
import { sequenceEntries } from './sequencing.ts';

/** What the database says of the messages that a batch speaks of, read at its head or later. */
export interface BatchContext {
  readonly messages: Messages;
  /** `reactionKey`s of those reactions that the entries do not show, as far as the batch asks for them. */
  readonly reacted: ReadonlySet<string>;
  /** By `emojiKey`: who reacted first, where more did than the entry shows. */
  readonly reactors: ReadonlyMap<string, readonly UserId[]>;
  /** Of those who are called by name. */
  readonly members: ReadonlySet<UserId>;
}

/** What a batch will be in the log. */
export interface BatchPlan {
  readonly entries: readonly Entry[];
  /** Missing: nothing but the entries. */
  readonly changes?: BatchChanges;
  /** The changed messages as they are after the batch. */
  readonly messages: Messages;
  /** What makes no entry: it is so already, or is refused. What is neither here nor among the entries waits for them. */
  readonly settled: ReadonlyMap<NewEntry, MessageEntry | ParleyError>;
}

/** A message alone, or a change of membership: it depends on nothing and changes nothing else. */
export const isPlain = (newEntry: NewEntry): boolean =>
  !isChange(newEntry) &&
  (newEntry.event !== 'message_created' ||
    (newEntry.data.replyTo === undefined && newEntry.data.mentions === undefined));

export const emojiKey = (messageId: MessageId, emoji: string): string => `${messageId} ${emoji}`;
export const reactionKey = (one: { messageId: MessageId; emoji: string; userId: UserId }): string =>
  `${emojiKey(one.messageId, one.emoji)} ${one.userId}`;

/**
 * Decides what each new entry of a batch makes of the room, one after the other. It may go by what is known because every
 * change of a message has an entry: if another writer has changed anything meanwhile, the first seq is taken.
 */
export function planBatch(head: Head, newEntries: readonly NewEntry[], known: BatchContext, now: number): BatchPlan {
  if (newEntries.every(isPlain)) {
    const plain = newEntries.filter((newEntry) => !isChange(newEntry));
    return { entries: sequenceEntries(head, plain, now), messages: new Map(), settled: new Map() };
  }
  return new BatchPlanner(head, known, now).plan(newEntries);
}

class BatchPlanner {
  readonly #head: Head;
  readonly #known: BatchContext;
  readonly #now: number;
  readonly #messages: Map<MessageId, MessageEntry>;
  readonly #created = new Set<string>();
  readonly #reacted = new Map<string, boolean>();
  readonly #orders = new Map<string, readonly UserId[]>();
  readonly #settled = new Map<NewEntry, MessageEntry | ParleyError>();
  /** Of the messages that changes show. */
  #bytes = 0;

  constructor(head: Head, known: BatchContext, now: number) {
    this.#head = head;
    this.#known = known;
    this.#now = Math.max(now, head.at);
    this.#messages = new Map(known.messages);
  }

  plan(newEntries: readonly NewEntry[]): BatchPlan {
    const made: UnsequencedEntry[] = [];
    for (const newEntry of newEntries) {
      const one = isChange(newEntry) ? this.#change(newEntry) : this.#create(newEntry);
      if (one) made.push(one);
      // A reaction shows up to a thousand people: with more of that, one broadcast would be too much for a client.
      if (this.#bytes > LIMITS.pageBytes) break;
    }
    const entries = sequenceEntries(this.#head, made, this.#now);
    const changed = new Map([...this.#messages].filter(([id, message]) => message !== this.#known.messages.get(id)));
    return { entries, changes: this.#changesOf(entries, changed), messages: changed, settled: this.#settled };
  }

  #create<Made extends VerbatimEntry>(newEntry: Made): Made | undefined {
    const replyTo = newEntry.event === 'message_created' ? newEntry.data.replyTo : undefined;
    if (replyTo !== undefined && !this.#messages.has(replyTo) && !this.#created.has(replyTo)) {
      this.#settled.set(newEntry, noSuchMessage());
      return undefined;
    }
    if (newEntry.event === 'message_created') this.#created.add(newEntry.entryId);
    return newEntry;
  }

  #change(newEntry: MessageChange): ChangeRecord | undefined {
    const { messageId } = newEntry.data;
    const before = this.#messages.get(messageId);
    const after = before ? this.#changed(before, newEntry) : noSuchMessage();
    if (after instanceof ParleyError || after === before) {
      // What follows from a change of this very batch is true only when the batch is stored: it is asked again then.
      if (before === this.#known.messages.get(messageId)) this.#settled.set(newEntry, after);
      return undefined;
    }
    this.#messages.set(messageId, after);
    this.#bytes += Buffer.byteLength(JSON.stringify(after.data));
    return toRecord(newEntry, after.seq, this.#now);
  }

  #changed(message: MessageEntry, newEntry: MessageChange): MessageEntry | ParleyError {
    switch (newEntry.event) {
      case 'message_updated':
        return updateMessage(message, newEntry, this.#now);
      case 'message_deleted':
        return deleteMessage(message, newEntry, this.#now);
      case 'reaction_changed':
        return this.#react(message, newEntry);
    }
  }

  #react(message: MessageEntry, newEntry: ReactionToggle): MessageEntry | ParleyError {
    const { messageId, emoji, on } = newEntry.data;
    const who = reactionKey({ messageId, emoji, userId: newEntry.userId });
    const which = emojiKey(messageId, emoji);
    const shown = message.data.reactions?.find((one) => one.emoji === emoji)?.userIds ?? [];
    const order = this.#orders.get(which) ?? this.#known.reactors.get(which) ?? shown;
    const reacted = this.#reacted.get(who) ?? (this.#known.reacted.has(who) || order.includes(newEntry.userId));
    const set = setReaction(message, newEntry, { reacted, order });
    if (set instanceof ParleyError) return set;
    this.#reacted.set(who, on);
    this.#orders.set(which, set.order);
    return set.message;
  }

  #changesOf(entries: readonly Entry[], changed: Messages): BatchChanges {
    const before = (message: MessageEntry) => this.#known.messages.get(message.entryId) ?? message;
    const messages = [...changed.values()];
    const deleted = messages.filter((message) => message.data.deletedAt !== undefined).map(before);
    const otherMentions = messages.filter((message) => message.data.mentions !== before(message).data.mentions);
    return {
      messages,
      deleted,
      version: entries.at(-1)?.seq ?? this.#head.seq,
      reactions: entries.flatMap(toReactionWrite),
      removedMentions: otherMentions.flatMap((message) => mentionedIn(before(message))),
      mentions: [...entries.filter(isMessage), ...otherMentions].flatMap((message) => this.#mentionedMembers(message)),
    };
  }

  /** Not oneself: what one writes one has read. */
  #mentionedMembers(message: MessageEntry): MentionTargets[] {
    return mentionedIn(message).flatMap(({ seq, userIds }) => {
      const told = userIds.filter((userId) => userId !== message.userId && this.#known.members.has(userId));
      return told.length === 0 ? [] : [{ seq, userIds: told }];
    });
  }
}

const mentionedIn = ({ seq, data: { mentions } }: MessageEntry): MentionTargets[] =>
  mentions === undefined ? [] : [{ seq, userIds: mentions }];

function toReactionWrite({ event, data, userId, seq }: Entry): ReactionWrite[] {
  if (event !== 'reaction_changed') return [];
  const { messageId, emoji, on } = data;
  return [on ? { messageId, emoji, userId, on, seq } : { messageId, emoji, userId, on }];
}

function toRecord({ event, entryId, userId, data }: MessageChange, messageSeq: number, at: number): ChangeRecord {
  const place = { messageId: data.messageId, messageSeq };
  switch (event) {
    case 'message_updated':
      return { event, entryId, userId, data: place };
    case 'message_deleted':
      return { event, entryId, userId, data: { ...place, deletedAt: at } };
    case 'reaction_changed':
      return { event, entryId, userId, data: { ...place, emoji: data.emoji, on: data.on } };
  }
}

/** Messages that the batch's new entries speak of. */
export const messageIdsIn = (newEntries: readonly NewEntry[]): MessageId[] => [
  ...new Set(newEntries.flatMap((newEntry) => (isChange(newEntry) ? [newEntry.data.messageId] : repliedTo(newEntry)))),
];

const repliedTo = (newEntry: VerbatimEntry): MessageId[] =>
  newEntry.event === 'message_created' && newEntry.data.replyTo !== undefined ? [newEntry.data.replyTo] : [];

/** People who are called by name in what the batch says. */
export const mentionedBy = (newEntry: NewEntry): readonly UserId[] =>
  newEntry.event === 'message_created' || newEntry.event === 'message_updated' ? (newEntry.data.mentions ?? []) : [];
