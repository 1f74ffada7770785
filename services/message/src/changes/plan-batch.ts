import { ParleyError, type Head } from '@parley/contracts';
import { LIMITS, type MessageId, type UserId } from '@parley/protocol';
import {
  emojiKey,
  reactionKey,
  type BatchChanges,
  type MentionTargets,
  type ReactionWrite,
} from '../log/batch-changes.ts';
import type { BatchPlan, BatchState } from '../log/batch-planner.ts';
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
} from '../log/entry.ts';
import { deleteMessage, noSuchMessage, setReaction, updateMessage } from './message-change.ts';
import { sequenceEntries } from '../log/sequencing.ts';

/** Messages and reactions that a batch refers to, read at its head or later. */
export interface BatchContext {
  readonly messages: Messages;
  /** `reactionKey`s of reactions that the batch changes and that the messages do not show. */
  readonly reacted: ReadonlySet<string>;
  /** By `emojiKey`: the first users who reacted, where more did than the message shows. */
  readonly reactors: ReadonlyMap<string, readonly UserId[]>;
}

/** A message without reply and mentions, or a change of the room: it depends on no message and changes none. */
export const isPlain = (newEntry: NewEntry): boolean =>
  !isChange(newEntry) &&
  (newEntry.event !== 'message_created' ||
    (newEntry.data.replyTo === undefined && newEntry.data.mentions === undefined));

/**
 * Applies the new entries of a batch one after the other. It may rely on the context because every change of a message
 * has an entry: if another writer has changed anything since, the first seq is taken and the insert clashes.
 */
export function planBatch(newEntries: readonly NewEntry[], context: BatchContext, state: BatchState): BatchPlan {
  if (newEntries.every(isPlain)) {
    const plain = newEntries.filter((newEntry) => !isChange(newEntry));
    return { entries: sequenceEntries(state.head, plain, state.now), messages: new Map(), settled: new Map() };
  }
  return new BatchPlanning(context, state).plan(newEntries);
}

/** One run of planBatch: the messages as the new entries seen so far make them. */
class BatchPlanning {
  readonly #head: Head;
  readonly #context: BatchContext;
  readonly #members: ReadonlySet<UserId>;
  readonly #now: number;
  readonly #messages: Map<MessageId, MessageEntry>;
  readonly #created = new Set<string>();
  readonly #reacted = new Map<string, boolean>();
  readonly #orders = new Map<string, readonly UserId[]>();
  readonly #settled = new Map<NewEntry, MessageEntry | ParleyError>();
  /** Bytes of the messages that the batch's events will show. */
  #bytes = 0;

  constructor(context: BatchContext, { head, members, now }: BatchState) {
    this.#head = head;
    this.#context = context;
    this.#members = members;
    this.#now = Math.max(now, head.at);
    this.#messages = new Map(context.messages);
  }

  plan(newEntries: readonly NewEntry[]): BatchPlan {
    const planned: UnsequencedEntry[] = [];
    for (const newEntry of newEntries) {
      const one = isChange(newEntry) ? this.#change(newEntry) : this.#create(newEntry);
      if (one) planned.push(one);
      // An event of a reaction names up to a thousand users: one broadcast of more bytes could disconnect clients.
      if (this.#bytes > LIMITS.pageBytes) break;
    }
    const entries = sequenceEntries(this.#head, planned, this.#now);
    const changed = new Map([...this.#messages].filter(([id, message]) => message !== this.#context.messages.get(id)));
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
      // A result that follows from a change of this batch holds only once the batch is stored: the entry waits.
      if (before === this.#context.messages.get(messageId)) this.#settled.set(newEntry, after);
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
    const ownKey = reactionKey({ messageId, emoji, userId: newEntry.userId });
    const key = emojiKey(messageId, emoji);
    const shown = message.data.reactions?.find((one) => one.emoji === emoji)?.userIds ?? [];
    const order = this.#orders.get(key) ?? this.#context.reactors.get(key) ?? shown;
    const reacted = this.#reacted.get(ownKey) ?? (this.#context.reacted.has(ownKey) || order.includes(newEntry.userId));
    const set = setReaction(message, newEntry, { reacted, order });
    if (set instanceof ParleyError) return set;
    this.#reacted.set(ownKey, on);
    this.#orders.set(key, set.order);
    return set.message;
  }

  #changesOf(entries: readonly Entry[], changed: Messages): BatchChanges {
    const before = (message: MessageEntry) => this.#context.messages.get(message.entryId) ?? message;
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

  /** Without the author, who has read the message by writing it. */
  #mentionedMembers(message: MessageEntry): MentionTargets[] {
    return mentionedIn(message).flatMap(({ seq, userIds }) => {
      const mentioned = userIds.filter((userId) => userId !== message.userId && this.#members.has(userId));
      return mentioned.length === 0 ? [] : [{ seq, userIds: mentioned }];
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

/** Messages that the new entries change or reply to. */
export const messageIdsIn = (newEntries: readonly NewEntry[]): MessageId[] => [
  ...new Set(newEntries.flatMap((newEntry) => (isChange(newEntry) ? [newEntry.data.messageId] : repliedTo(newEntry)))),
];

const repliedTo = (newEntry: VerbatimEntry): MessageId[] =>
  newEntry.event === 'message_created' && newEntry.data.replyTo !== undefined ? [newEntry.data.replyTo] : [];
