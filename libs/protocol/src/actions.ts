import type { AttachmentId, ConnectionId, MessageId, RoomId, UserId } from './ids.ts';
import type { ConnectionLimits } from './limits.ts';
import type { Message, OwnUser, Room, RoomSummary, User } from './model.ts';
import type { RoomEvent } from './events.ts';

type Nothing = Readonly<Record<string, never>>;

/** What each action is given (`data`) and answers (`ok`). */
export interface Actions {
  create_connection: {
    data: {
      readonly protocol: number;
      /** Whom the client believes to be signed in; another session's person is a `conflict`. */
      readonly userId?: UserId;
      /** The client's build, for the logs. */
      readonly client?: string;
    };
    ok: {
      readonly connectionId: ConnectionId;
      readonly user: OwnUser;
      readonly heartbeatMs: number;
      readonly limits: ConnectionLimits;
      readonly roomsVersion: number;
      readonly rooms: readonly RoomSummary[];
      /** There are more rooms: get_user_rooms with `after: next`. */
      readonly next?: string;
    };
  };
  delete_connection: { data: Nothing; ok: Nothing };
  get_user_rooms: {
    data: { readonly after?: string };
    ok: { readonly rooms: readonly RoomSummary[]; readonly next?: string; readonly roomsVersion: number };
  };
  create_room: {
    data: { readonly roomId: RoomId; readonly name?: string; readonly memberIds: readonly UserId[] };
    ok: { readonly room: RoomSummary };
  };
  add_members: {
    data: { readonly roomId: RoomId; readonly memberIds: readonly UserId[] };
    ok: { readonly room: Room };
  };
  leave_room: { data: { readonly roomId: RoomId }; ok: Nothing };
  create_invitation: {
    data: { readonly roomId: RoomId };
    ok: { readonly token: string; readonly expiresAt: number };
  };
  join_room: { data: { readonly token: string }; ok: { readonly room: RoomSummary } };
  get_members: {
    data: { readonly roomId: RoomId; readonly after?: string; readonly limit?: number };
    ok: { readonly members: readonly User[]; readonly next?: string };
  };
  create_message: {
    data: {
      readonly roomId: RoomId;
      readonly messageId: MessageId;
      readonly text: string;
      readonly attachmentIds?: readonly AttachmentId[];
    };
    ok: { readonly message: Message };
  };
  get_messages: {
    data: { readonly roomId: RoomId; readonly before?: number; readonly limit?: number };
    ok: MessagesPage;
  };
  get_events: {
    data: { readonly roomId: RoomId; readonly after: number; readonly limit?: number };
    ok: EventsPage;
  };
}

/** Messages as they are now, ascending by seq, and the people who wrote them. */
export interface MessagesPage {
  readonly messages: readonly Message[];
  readonly users: readonly User[];
  /** seq of the room's last entry. */
  readonly head: number;
  /** Older messages exist before the first of these. */
  readonly more: boolean;
}

/** Entries of the log, ascending by seq, and the people they speak of. */
export interface EventsPage {
  readonly events: readonly RoomEvent[];
  readonly users: readonly User[];
  readonly head: number;
}

export type Action = keyof Actions;
export type ActionData<A extends Action> = Actions[A]['data'];
export type ActionOk<A extends Action> = Actions[A]['ok'];
