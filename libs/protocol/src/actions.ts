import type { AttachmentId, ConnectionId, InvitationId, MessageId, RoomId, UserId } from './ids.ts';
import type { ConnectionLimits } from './limits.ts';
import type { LastMessage, Member, Message, OwnUser, Presence, Room, RoomSummary, User } from './model.ts';
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
      /** Of the server's data: another one than before when they were restored from a backup. What one keeps of rooms is void then. */
      readonly epoch?: string;
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
  /** Those that are good still, newest first. */
  get_invitations: { data: { readonly roomId: RoomId }; ok: { readonly invitations: readonly Invitation[] } };
  /** One that is gone already is no error. */
  delete_invitation: { data: { readonly roomId: RoomId; readonly invitationId: InvitationId }; ok: Nothing };
  join_room: { data: { readonly token: string }; ok: { readonly room: RoomSummary } };
  get_members: {
    data: { readonly roomId: RoomId; readonly after?: string; readonly limit?: number };
    ok: { readonly members: readonly Member[]; readonly next?: string };
  };
  /** By an owner, else `forbidden`. Without a name, or with an empty one, it is shown by its members. */
  rename_room: {
    data: { readonly roomId: RoomId; readonly name?: string };
    ok: { readonly room: Room };
  };
  /** By an owner, else `forbidden`. Somebody who is no member (any more) is `not_found`. */
  remove_member: {
    data: { readonly roomId: RoomId; readonly userId: UserId };
    ok: { readonly room: Room };
  };
  create_message: {
    data: {
      readonly roomId: RoomId;
      readonly messageId: MessageId;
      readonly text: string;
      readonly attachmentIds?: readonly AttachmentId[];
      /** The message of this room that it answers; one that there is not: `not_found`. */
      readonly replyTo?: MessageId;
      /** Those of them who are members are told. */
      readonly mentions?: readonly UserId[];
    };
    ok: { readonly message: Message };
  };
  /** One's own, else `forbidden`; one that there is not, or that is deleted: `not_found`. The same text again changes nothing. */
  update_message: {
    data: {
      readonly roomId: RoomId;
      readonly messageId: MessageId;
      readonly text: string;
      readonly mentions?: readonly UserId[];
    };
    ok: { readonly message: Message };
  };
  /** One's own, else `forbidden`. Again: the deleted message. */
  delete_message: {
    data: { readonly roomId: RoomId; readonly messageId: MessageId };
    ok: { readonly message: Message };
  };
  /** Again as it is already: changes nothing. */
  set_reaction: {
    data: { readonly roomId: RoomId; readonly messageId: MessageId; readonly emoji: string; readonly on: boolean };
    ok: { readonly message: Message };
  };
  /** In the order asked for; those that there are not are left out. */
  find_messages: {
    data: { readonly roomId: RoomId; readonly messageIds: readonly MessageId[] };
    ok: { readonly messages: readonly Message[]; readonly users: readonly User[] };
  };
  get_messages: {
    /** At most one of the three, each a seq: the newest before it, the oldest after it, or those on both sides of it. */
    data: {
      readonly roomId: RoomId;
      readonly before?: number;
      readonly after?: number;
      readonly around?: number;
      readonly limit?: number;
    };
    ok: MessagesPage;
  };
  get_events: {
    data: { readonly roomId: RoomId; readonly after: number; readonly limit?: number };
    ok: EventsPage;
  };
  /** Up to the seq, or up to the head where that is less; never back. */
  read_room: {
    data: { readonly roomId: RoomId; readonly seq: number };
    ok: { readonly readSeq: number; readonly readCount: number; readonly mentionCount?: number };
  };
  /** Who has read up to the seq, without the author of what stands there. */
  get_readers: {
    data: { readonly roomId: RoomId; readonly seq: number };
    /** `users`: the first LIMITS.membersWithReceipts of them. */
    ok: { readonly count: number; readonly users: readonly User[] };
  };
  /** While one writes, at most every TYPING_INTERVAL_MS. */
  set_typing: { data: { readonly roomId: RoomId }; ok: Nothing };
  /** Of people with whom one shares a room; the others are left out. */
  get_presence: {
    data: { readonly userIds: readonly UserId[] };
    ok: { readonly presence: readonly Presence[] };
  };
  /** Of this connection: somebody is away when all their connections are. */
  set_away: { data: { readonly away: boolean }; ok: Nothing };
  /** In one's own rooms, newest first. */
  search_messages: {
    data: {
      readonly query: string;
      readonly roomId?: RoomId;
      readonly userId?: UserId;
      readonly limit?: number;
      /** The `next` of the page before. */
      readonly before?: string;
    };
    /** Texts are cut around the first hit. */
    ok: { readonly messages: readonly LastMessage[]; readonly users: readonly User[]; readonly next?: string };
  };
}

/** A way into a room. Its token is told to who made it, and only then. */
export interface Invitation {
  readonly invitationId: InvitationId;
  readonly creatorId: UserId;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Messages as they are now, ascending by seq, and the people who wrote them. */
export interface MessagesPage {
  readonly messages: readonly Message[];
  readonly users: readonly User[];
  /** seq of the room's last entry. */
  readonly head: number;
  /** Older messages exist before the first of these. */
  readonly more: boolean;
  /** Newer messages exist after the last of these. */
  readonly moreAfter?: boolean;
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
