import type { RoomId, UserId } from './ids.ts';
import type { Message, RoomSummary, User } from './model.ts';

/** What the entries of a room's log carry, by event. */
export interface RoomEvents {
  message_created: { readonly message: Message; readonly user: User };
  member_joined: { readonly user: User };
  member_left: { readonly userId: UserId };
}

/** What a connection is told besides the logs of its rooms. */
export interface ConnectionEvents {
  room_created: { readonly room: RoomSummary };
  room_removed: { readonly roomId: RoomId };
  /** Ask again: for the logs of these rooms, or, without roomIds, for one's rooms. */
  resync: { readonly roomIds?: readonly RoomId[] };
}

export type RoomEventName = keyof RoomEvents;
export type ConnectionEventName = keyof ConnectionEvents;

/** An entry of a room's log, live or read later: the same shape. seq is 1, 2, 3, … without holes. */
export type RoomEvent = {
  readonly [Name in RoomEventName]: {
    readonly event: Name;
    readonly roomId: RoomId;
    readonly seq: number;
    readonly data: RoomEvents[Name];
  };
}[RoomEventName];

export type ConnectionEvent = {
  readonly [Name in ConnectionEventName]: { readonly event: Name; readonly data: ConnectionEvents[Name] };
}[ConnectionEventName];
