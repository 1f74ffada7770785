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

/** The result of one message. An error is a value, since other messages of the batch may be stored. */
export type AppendResult = { readonly message: Message } | { readonly error: WireError };

/** The data of a room change's entry, besides its userId. */
export interface RoomChanges {
  /** userId: the user who joined. */
  member_joined: Readonly<Record<string, never>>;
  /** userId: the user who left. newOwnerId: the new owner, when the last owner left. */
  member_left: { readonly removedBy?: UserId; readonly newOwnerId?: UserId };
  /** userId: the user who renamed the room. */
  room_renamed: { readonly name: string | null };
}

/** A change of a room, to be appended to its log. Appending the same entryId again changes nothing. */
export type RoomChangeEntry = {
  readonly [Event in keyof RoomChanges]: {
    readonly entryId: string;
    readonly event: Event;
    readonly userId: UserId;
    readonly data: RoomChanges[Event];
  };
}[keyof RoomChanges];

/** A position in a room's log. */
export interface Place {
  readonly roomId: RoomId;
  readonly seq: number;
  /** Messages up to and including it. */
  readonly count: number;
}

/** The end of a room's log. */
export interface Head {
  readonly roomId: RoomId;
  /** 0: the log is empty. */
  readonly seq: number;
  /** Messages so far. */
  readonly count: number;
  /** Joins minus leaves so far, not counting the initial members; may be negative. */
  readonly memberDelta: number;
  /** seq of the last message at or before the head; 0: none. */
  readonly messageSeq: number;
  /** When the last entry was created; 0: none. */
  readonly at: number;
}

/** The message service's RPC API. Errors are `ParleyError`s. Lists have at most MAX_PER_CALL items. */
export interface MessageApi {
  /**
   * Stores the messages of each batch in the given order, each once. Resolves when all messages reported as stored are
   * durable. Results are in the order of the request. A roomId occurs in at most one batch.
   */
  appendMessages(request: {
    batches: readonly { roomId: RoomId; messages: readonly NewMessage[] }[];
  }): Promise<{ results: readonly (readonly AppendResult[])[] }>;
  /**
   * Author only (`forbidden`). `not_found`: it does not exist, or it is deleted; `not_member`. The same text again
   * changes nothing. Returns, as the next two do, the message after the change.
   */
  updateMessage(request: {
    userId: UserId;
    roomId: RoomId;
    messageId: MessageId;
    text: string;
    mentions?: readonly UserId[];
  }): Promise<{ message: Message }>;
  /** Author only (`forbidden`). Idempotent: returns the deleted message. `not_found`, `not_member`. */
  deleteMessage(request: { userId: UserId; roomId: RoomId; messageId: MessageId }): Promise<{ message: Message }>;
  /** `too_large`: the message has the maximum number of different emoji. `not_found`, `not_member`. */
  setReaction(request: {
    userId: UserId;
    roomId: RoomId;
    messageId: MessageId;
    emoji: string;
    on: boolean;
  }): Promise<{ message: Message }>;
  /**
   * Appends changes of a room and returns the position of each, in the order of the request. Stores events that this
   * release does not know as they are. Rejects unless all entries are certainly stored.
   */
  appendMemberships(request: {
    roomId: RoomId;
    entries: readonly RoomChangeEntry[];
  }): Promise<{ positions: readonly { seq: number; count: number }[] }>;

  /**
   * At most one of `before` and `after` (seq, exclusive) and `around` (seq); without any, the newest messages.
   * `not_member`. Ends at the limit or at 256 KiB.
   */
  getMessages(request: MessagesRequest): Promise<MessagesPage>;
  /** In the order of the request (≤ 100), without messages that do not exist. `not_member`. Ends at 256 KiB. */
  findMessages(request: {
    userId: UserId;
    roomId: RoomId;
    messageIds: readonly MessageId[];
  }): Promise<{ messages: readonly Message[]; users: readonly User[] }>;
  /** `after`: seq, exclusive. `not_member`. Ends at the limit or at 256 KiB. */
  getEvents(request: { userId: UserId; roomId: RoomId; after: number; limit: number }): Promise<EventsPage>;

  /** For a gateway that missed a broadcast: getEvents without a check of membership. */
  getMissedEvents(request: { roomId: RoomId; after: number; limit: number }): Promise<EventsPage>;
  /** One head for each room, in the order of the request; an unknown room has an empty log. */
  getHeads(request: { roomIds: readonly RoomId[] }): Promise<{ heads: readonly Head[] }>;
  /** One place for each position, in the order of the request; a position past the head yields the head. */
  getPlaces(request: { positions: readonly { roomId: RoomId; seq: number }[] }): Promise<{ places: readonly Place[] }>;
  /** The messages at these positions, as they are now, with texts cut at 200 units. */
  getLastMessages(request: {
    positions: readonly { roomId: RoomId; messageSeq: number }[];
  }): Promise<{ messages: readonly LastMessage[] }>;

  /**
   * Searches words in the user's rooms, newest first, with texts cut around the first match. `author`: a filter.
   * `before`: the `next` of the previous page. `not_member` of the given room; `invalid`: no word to search for.
   */
  searchMessages(request: {
    userId: UserId;
    query: string;
    roomId?: RoomId;
    author?: UserId;
    limit: number;
    before?: string;
  }): Promise<{ messages: readonly LastMessage[]; users: readonly User[]; next?: string }>;

  /** How many messages mention each user after the position (a user and room once), in the order of the request. */
  countMentions(request: {
    positions: readonly { userId: UserId; roomId: RoomId; seq: number }[];
  }): Promise<{ counts: readonly number[] }>;
  /**
   * Deletes mentions up to each position (a user and room once): the user has read them or is no longer a member.
   * Returns how many are left after it, in the order of the request. Idempotent.
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

/** The methods that other processes can call. */
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

/** Injection token of a MessageApi: the service itself, or an RPC client. */
export const MESSAGE_API = Symbol('MessageApi');
