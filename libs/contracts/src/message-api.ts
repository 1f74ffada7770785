import type {
  AttachmentId,
  EventsPage,
  LastMessage,
  Message,
  MessageId,
  MessagesPage,
  RoomId,
  User,
  UserId,
  WireError,
} from '@parley/protocol';

export interface NewMessage {
  readonly userId: UserId;
  readonly messageId: MessageId;
  readonly text: string;
  readonly attachmentIds: readonly AttachmentId[];
  readonly replyTo?: MessageId;
  readonly mentions?: readonly UserId[];
}

/** What became of one message; `{error}` in the place of an exception, since its neighbours may well be stored. */
export type AppendResult = { readonly message: Message } | { readonly error: WireError };

/** What the entry of a change of a room says beside who it was. */
export interface RoomChanges {
  /** userId: who joined. */
  member_joined: Readonly<Record<string, never>>;
  /** userId: who left. newOwnerId: who became owner by it, since there was no other. */
  member_left: { readonly removedBy?: UserId; readonly newOwnerId?: UserId };
  /** userId: who gave the name. */
  room_renamed: { readonly name: string | null };
}

/** A change of a room on its way into its log. entryId is kept with it: appending it again changes nothing. */
export type RoomChangeEntry = {
  readonly [Event in keyof RoomChanges]: {
    readonly entryId: string;
    readonly event: Event;
    readonly userId: UserId;
    readonly data: RoomChanges[Event];
  };
}[keyof RoomChanges];

/** A place in a room's log. */
export interface Place {
  readonly roomId: RoomId;
  readonly seq: number;
  /** Messages up to there. */
  readonly count: number;
}

/** The end of a room's log. */
export interface Head {
  readonly roomId: RoomId;
  /** 0: the log is empty. */
  readonly seq: number;
  /** Messages so far. */
  readonly count: number;
  /** Joins minus leaves so far; below 0 when more of the first members left than others joined. */
  readonly memberDelta: number;
  /** seq of the last message at or before the head; 0: none. */
  readonly messageSeq: number;
  /** When the last entry was made; 0: none. */
  readonly at: number;
}

/** What the message service does for the others. Errors are `ParleyError`s. */
export interface MessageApi {
  /**
   * Stores the messages of each batch in the given order, each once; resolves when all that are reported as stored are
   * durable. Results stand in the order of the request. A roomId occurs in one batch at most.
   */
  appendMessages(request: {
    batches: readonly { roomId: RoomId; messages: readonly NewMessage[] }[];
  }): Promise<{ results: readonly (readonly AppendResult[])[] }>;
  /**
   * One's own message with another text. `not_found`: there is none, or it is deleted; `forbidden`: another person's;
   * `not_member`. The same text again changes nothing. Answers, as the next two do, with the message as it is then.
   */
  updateMessage(request: {
    userId: UserId;
    roomId: RoomId;
    messageId: MessageId;
    text: string;
    mentions?: readonly UserId[];
  }): Promise<{ message: Message }>;
  /** One's own message; again: the deleted one. `not_found`, `forbidden`, `not_member`. */
  deleteMessage(request: { userId: UserId; roomId: RoomId; messageId: MessageId }): Promise<{ message: Message }>;
  /** `too_large`: a further emoji beyond those that a message can have. `not_found`, `not_member`. */
  setReaction(request: {
    userId: UserId;
    roomId: RoomId;
    messageId: MessageId;
    emoji: string;
    on: boolean;
  }): Promise<{ message: Message }>;
  /**
   * Where each entry stands in the log, in the order of the request; changes of the room's name are among them. Rejects
   * if any is not certainly stored.
   */
  appendMemberships(request: {
    roomId: RoomId;
    entries: readonly RoomChangeEntry[];
  }): Promise<{ positions: readonly { seq: number; count: number }[] }>;

  /**
   * At most one of `before` and `after` (seq, exclusive) and `around` (seq); without any the newest. `not_member`. Ends
   * at the limit or at 256 KiB.
   */
  getMessages(request: MessagesRequest): Promise<MessagesPage>;
  /** In the order asked for (≤ 100), without those that there are not. `not_member`. Ends at 256 KiB. */
  findMessages(request: {
    userId: UserId;
    roomId: RoomId;
    messageIds: readonly MessageId[];
  }): Promise<{ messages: readonly Message[]; users: readonly User[] }>;
  /** `after`: seq, exclusive. `not_member`. Ends at the limit or at 256 KiB. */
  getEvents(request: { userId: UserId; roomId: RoomId; after: number; limit: number }): Promise<EventsPage>;

  /** For a gateway that missed something on the bus: getEvents without a reader. */
  getMissedEvents(request: { roomId: RoomId; after: number; limit: number }): Promise<EventsPage>;
  /** One for every room asked for (≤ 1,000), in that order; an unknown room has an empty log. */
  getHeads(request: { roomIds: readonly RoomId[] }): Promise<{ heads: readonly Head[] }>;
  /** Each of these places (≤ 1,000), in that order; one past the head is the head. */
  getPlaces(request: { positions: readonly { roomId: RoomId; seq: number }[] }): Promise<{ places: readonly Place[] }>;
  /** The messages at these places (≤ 1,000), as they are now, their texts cut at 200 units. */
  getLastMessages(request: {
    positions: readonly { roomId: RoomId; messageSeq: number }[];
  }): Promise<{ messages: readonly LastMessage[] }>;

  /**
   * By words, in the rooms that the person is in, newest first, texts cut around the first hit. `author`: by whom.
   * `before`: the `next` of the page before. `not_member` of the room asked for; `invalid`: nothing to look for.
   */
  searchMessages(request: {
    userId: UserId;
    query: string;
    roomId?: RoomId;
    author?: UserId;
    limit: number;
    before?: string;
  }): Promise<{ messages: readonly LastMessage[]; users: readonly User[]; next?: string }>;

  /** How many messages mention each person after the position (≤ 1,000; a person and room once), in that order. */
  countMentions(request: {
    positions: readonly { userId: UserId; roomId: RoomId; seq: number }[];
  }): Promise<{ counts: readonly number[] }>;
  /**
   * Forgets mentions up to each position (≤ 1,000; a person and room once): the person has read them, or is no member
   * any more. Answers how many are left after it, in that order. Again: no effect.
   */
  clearMentions(request: {
    positions: readonly { userId: UserId; roomId: RoomId; seq: number }[];
  }): Promise<{ counts: readonly number[] }>;
}

export interface MessagesRequest {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit: number;
}

/** The methods that may be called from another process. */
export const MESSAGE_API_METHODS = [
  'appendMessages',
  'updateMessage',
  'deleteMessage',
  'setReaction',
  'appendMemberships',
  'getMessages',
  'findMessages',
  'getEvents',
  'getMissedEvents',
  'getHeads',
  'getPlaces',
  'getLastMessages',
  'searchMessages',
  'countMentions',
  'clearMentions',
] as const satisfies readonly (keyof MessageApi)[];

/** Injection token of a MessageApi: the service itself, or a client of it. */
export const MESSAGE_API = Symbol('MessageApi');
