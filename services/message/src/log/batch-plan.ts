import { ParleyError, type Head } from '@parley/contracts';
import { LIMITS, type MessageId, type UserId } from '@parley/protocol';
import type { Changes, Mentioned, ReactionStep } from './changes.ts';
import {
  isChange,
  isMessage,
  type ChangeDraft,
  type ChangeRecord,
  type Draft,
  type Entry,
  type MessageEntry,
  type Messages,
  type Placeable,
  type PlainDraft,
  type ReactionDraft,
} from './entry.ts';
import { deleteMessage, noSuchMessage, setReaction, updateMessage } from './message-change.ts';
import { placeEntries } from './placement.ts';

/** What the database says of the messages that a batch speaks of, read at its head or later. */
export interface Known {
  readonly messages: Messages;
  /** `reactionKey`s of those reactions that the entries do not show, as far as the batch asks for them. */
  readonly reacted: ReadonlySet<string>;
  /** By `emojiKey`: who reacted first, where more did than the entry shows. */
  readonly reactors: ReadonlyMap<string, readonly UserId[]>;
  /** Of those who are called by name. */
  readonly members: ReadonlySet<UserId>;
}

/** What a batch will be in the log. */
export interface Plan {
  readonly entries: readonly Entry[];
  /** Missing: nothing but the entries. */
  readonly changes?: Changes;
  /** The changed messages as they are after the batch. */
  readonly messages: Messages;
  /** What makes no entry: it is so already, or is refused. What is neither here nor among the entries waits for them. */
  readonly settled: ReadonlyMap<Draft, MessageEntry | ParleyError>;
}

/** A message alone, or a change of membership: it depends on nothing and changes nothing else. */
export const isPlain = (draft: Draft): boolean =>
  !isChange(draft) &&
  (draft.event !== 'message_created' || (draft.data.replyTo === undefined && draft.data.mentions === undefined));

export const emojiKey = (messageId: MessageId, emoji: string): string => `${messageId} ${emoji}`;
export const reactionKey = (one: { messageId: MessageId; emoji: string; userId: UserId }): string =>
  `${emojiKey(one.messageId, one.emoji)} ${one.userId}`;

/**
 * Decides what each draft of a batch makes of the room, one after the other. It may go by what is known because every
 * change of a message has an entry: if another writer has changed anything meanwhile, the first seq is taken.
 */
export function planBatch(head: Head, drafts: readonly Draft[], known: Known, now: number): Plan {
  if (drafts.every(isPlain)) {
    const plain = drafts.filter((draft) => !isChange(draft));
    return { entries: placeEntries(head, plain, now), messages: new Map(), settled: new Map() };
  }
  return new BatchPlanner(head, known, now).plan(drafts);
}

class BatchPlanner {
  readonly #head: Head;
  readonly #known: Known;
  readonly #now: number;
  readonly #messages: Map<MessageId, MessageEntry>;
  readonly #created = new Set<string>();
  readonly #reacted = new Map<string, boolean>();
  readonly #orders = new Map<string, readonly UserId[]>();
  readonly #settled = new Map<Draft, MessageEntry | ParleyError>();
  /** Of the messages that changes show. */
  #bytes = 0;

  constructor(head: Head, known: Known, now: number) {
    this.#head = head;
    this.#known = known;
    this.#now = Math.max(now, head.at);
    this.#messages = new Map(known.messages);
  }

  plan(drafts: readonly Draft[]): Plan {
    const made: Placeable[] = [];
    for (const draft of drafts) {
      const one = isChange(draft) ? this.#change(draft) : this.#create(draft);
      if (one) made.push(one);
      // A reaction shows up to a thousand people: with more of that, one broadcast would be too much for a client.
      if (this.#bytes > LIMITS.pageBytes) break;
    }
    const entries = placeEntries(this.#head, made, this.#now);
    const changed = new Map([...this.#messages].filter(([id, message]) => message !== this.#known.messages.get(id)));
    return { entries, changes: this.#changesOf(entries, changed), messages: changed, settled: this.#settled };
  }

  #create<Made extends PlainDraft>(draft: Made): Made | undefined {
    const replyTo = draft.event === 'message_created' ? draft.data.replyTo : undefined;
    if (replyTo !== undefined && !this.#messages.has(replyTo) && !this.#created.has(replyTo)) {
      this.#settled.set(draft, noSuchMessage());
      return undefined;
    }
    if (draft.event === 'message_created') this.#created.add(draft.entryId);
    return draft;
  }

  #change(draft: ChangeDraft): ChangeRecord | undefined {
    const { messageId } = draft.data;
    const before = this.#messages.get(messageId);
    const after = before ? this.#changed(before, draft) : noSuchMessage();
    if (after instanceof ParleyError || after === before) {
      // What follows from a change of this very batch is true only when the batch is stored: it is asked again then.
      if (before === this.#known.messages.get(messageId)) this.#settled.set(draft, after);
      return undefined;
    }
    this.#messages.set(messageId, after);
    this.#bytes += Buffer.byteLength(JSON.stringify(after.data));
    return toRecord(draft, after.seq, this.#now);
  }

  #changed(message: MessageEntry, draft: ChangeDraft): MessageEntry | ParleyError {
    switch (draft.event) {
      case 'message_updated':
        return updateMessage(message, draft, this.#now);
      case 'message_deleted':
        return deleteMessage(message, draft, this.#now);
      case 'reaction_changed':
        return this.#react(message, draft);
    }
  }

  #react(message: MessageEntry, draft: ReactionDraft): MessageEntry | ParleyError {
    const { messageId, emoji, on } = draft.data;
    const who = reactionKey({ messageId, emoji, userId: draft.userId });
    const which = emojiKey(messageId, emoji);
    const shown = message.data.reactions?.find((one) => one.emoji === emoji)?.userIds ?? [];
    const order = this.#orders.get(which) ?? this.#known.reactors.get(which) ?? shown;
    const reacted = this.#reacted.get(who) ?? (this.#known.reacted.has(who) || order.includes(draft.userId));
    const set = setReaction(message, draft, { reacted, order });
    if (set instanceof ParleyError) return set;
    this.#reacted.set(who, on);
    this.#orders.set(which, set.order);
    return set.message;
  }

  #changesOf(entries: readonly Entry[], changed: Messages): Changes {
    const before = (message: MessageEntry) => this.#known.messages.get(message.entryId) ?? message;
    const messages = [...changed.values()];
    const deleted = messages.filter((message) => message.data.deletedAt !== undefined).map(before);
    const otherMentions = messages.filter((message) => message.data.mentions !== before(message).data.mentions);
    return {
      messages,
      deleted,
      version: entries.at(-1)?.seq ?? this.#head.seq,
      reactions: entries.flatMap(reactionStep),
      mentionsGone: otherMentions.flatMap((message) => mentionedIn(before(message))),
      mentions: [...entries.filter(isMessage), ...otherMentions].flatMap((message) => this.#mentionedMembers(message)),
    };
  }

  /** Not oneself: what one writes one has read. */
  #mentionedMembers(message: MessageEntry): Mentioned[] {
    return mentionedIn(message).flatMap(({ seq, userIds }) => {
      const told = userIds.filter((userId) => userId !== message.userId && this.#known.members.has(userId));
      return told.length === 0 ? [] : [{ seq, userIds: told }];
    });
  }
}

const mentionedIn = ({ seq, data: { mentions } }: MessageEntry): Mentioned[] =>
  mentions === undefined ? [] : [{ seq, userIds: mentions }];

function reactionStep({ event, data, userId, seq }: Entry): ReactionStep[] {
  if (event !== 'reaction_changed') return [];
  const { messageId, emoji, on } = data;
  return [on ? { messageId, emoji, userId, on, seq } : { messageId, emoji, userId, on }];
}

function toRecord({ event, entryId, userId, data }: ChangeDraft, messageSeq: number, at: number): ChangeRecord {
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

/** Messages that the batch's drafts speak of. */
export const messageIdsIn = (drafts: readonly Draft[]): MessageId[] => [
  ...new Set(drafts.flatMap((draft) => (isChange(draft) ? [draft.data.messageId] : repliedTo(draft)))),
];

const repliedTo = (draft: PlainDraft): MessageId[] =>
  draft.event === 'message_created' && draft.data.replyTo !== undefined ? [draft.data.replyTo] : [];

/** People who are called by name in what the batch says. */
export const mentionedBy = (draft: Draft): readonly UserId[] =>
  draft.event === 'message_created' || draft.event === 'message_updated' ? (draft.data.mentions ?? []) : [];
