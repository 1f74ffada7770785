import type { Message, MessageId, RoomEvent, RoomId, RoomSummary, UserId, WireError } from '@parley/protocol';

/** What a client has of one room, from its announcement to its removal. */
export interface Stay {
  /** As its list shows it; the last that it showed when the stay has ended. */
  readonly room: RoomSummary;
  /** The room's head at its announcement: the client must have the entries after it. */
  readonly from: number;
  /** Entries of the log in the order in which the client applied them. */
  readonly applied: readonly RoomEvent[];
  /**
   * Entries that the server pushed on the last connection, in the order of their arrival, after the head announced on it:
   * a frame may begin before it.
   */
  readonly live: readonly RoomEvent[];
  readonly ended: boolean;
}

export interface Acknowledged {
  readonly message: Message;
  /** The connection on which it was sent for the first time and acknowledged; undefined: it took several. */
  readonly connection: number | undefined;
}

/** A change of a message that was answered with ok. */
export type AcknowledgedChange = { readonly roomId: RoomId; readonly messageId: MessageId } & (
  | { readonly kind: 'update'; readonly text: string }
  | { readonly kind: 'delete' }
  | { readonly kind: 'react'; readonly emoji: string; readonly on: boolean }
);

/** Everything there is to know about one client when a run is over. */
export interface Observation {
  readonly client: string;
  readonly userId: UserId;
  readonly stays: readonly Stay[];
  /** In the order in which they were first sent. */
  readonly acknowledged: readonly Acknowledged[];
  readonly changes: readonly AcknowledgedChange[];
  /** Entries of rooms that were not announced. */
  readonly unexpected: readonly RoomEvent[];
  /** Errors that no honest client should get. */
  readonly refusals: readonly WireError[];
  /** The user's read position in each room, as delivered. */
  readonly read: ReadonlyMap<RoomId, number>;
}

/** What a new client receives. */
export interface Truth {
  /** The whole log of every room. */
  readonly logs: ReadonlyMap<RoomId, readonly RoomEvent[]>;
  /** Those who are in a room from its beginning. */
  readonly founders: ReadonlyMap<RoomId, ReadonlySet<UserId>>;
  readonly rooms: ReadonlyMap<UserId, readonly RoomSummary[]>;
}
