import type { Message, MessageId, RoomEvent, RoomId, RoomSummary, UserId, WireError } from '@parley/protocol';

/** What a client has of one room, from being told of it to being told that it is gone. */
export interface Stay {
  /** As its list shows it; the last that it showed when the stay has ended. */
  readonly room: RoomSummary;
  /** The room's head when the client was told of it: entries after that are its to have. */
  readonly from: number;
  /** Entries of the log in the order in which the client applied them. */
  readonly applied: readonly RoomEvent[];
  /**
   * Entries that the server sent unasked on the last connection, in the order of their arrival, after the head that it
   * told there: a frame may begin before it.
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
  /** Entries of rooms that it was not told of. */
  readonly unexpected: readonly RoomEvent[];
  /** Errors that no honest client should get. */
  readonly refusals: readonly WireError[];
  /** Up to where it was told that its person has read each room. */
  readonly read: ReadonlyMap<RoomId, number>;
}

/** What a client that comes now is told. */
export interface Truth {
  /** The whole log of every room. */
  readonly logs: ReadonlyMap<RoomId, readonly RoomEvent[]>;
  /** Those who are in a room from its beginning. */
  readonly founders: ReadonlyMap<RoomId, ReadonlySet<UserId>>;
  readonly rooms: ReadonlyMap<UserId, readonly RoomSummary[]>;
}
