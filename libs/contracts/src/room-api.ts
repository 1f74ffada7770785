import type {
  Invitation,
  InvitationId,
  Member,
  MemberRole,
  OwnUser,
  Room,
  RoomId,
  User,
  UserId,
  WireError,
} from '@parley/protocol';

/** Identifies a session without granting access to it (the token's digest); safe in logs and on the bus. */
export type SessionId = string & { readonly __session: never };

export interface Session {
  readonly sessionId: SessionId;
  readonly user: OwnUser;
  readonly expiresAt: number;
}

/** `token` is the value of the cookie; it is not stored. */
export interface SignedIn extends Session {
  readonly token: string;
}

/** A room with all committed changes, some of which may not be in its log yet. */
export interface CommittedRoom extends Room {
  /** Members at creation. Plus the `memberDelta` of a head: members at that head. */
  readonly initialMemberCount: number;
}

/** A user's membership of a room. */
export interface Membership {
  readonly roomId: RoomId;
  /** Last seq that the user has read; null while the user's joining is not in the log yet (use the head). */
  readonly readSeq: number | null;
  readonly readCount: number | null;
  /** Absent in answers of the previous release. */
  readonly role?: MemberRole;
}

/** `roomsVersion` rises with every change of the memberships. */
export interface MembershipsOfUser {
  readonly roomsVersion: number;
  readonly memberships: readonly Membership[];
  /** Of the stored data: changes when they are restored from a backup. Absent in answers of the previous release. */
  readonly epoch?: string;
}

/** A user has read a room up to this seq: by read_room, or by sending a message. */
export interface Reading {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly seq: number;
  /** By sending a message: all who receive the message know it already. */
  readonly byWriting?: true;
}

/**
 * The read position, the number of messages up to it, and the number of later messages that mention the user (absent if
 * it cannot be counted); or an error.
 */
export type ReadingResult =
  | { readonly readSeq: number; readonly readCount: number; readonly mentionCount?: number }
  | { readonly error: WireError };

/**
 * The room service's RPC API. Errors are `ParleyError`s. `userId` always comes from the session, never from a frame. A
 * user who may not know of a room gets `not_member`, whether it exists or not. Lists have at most MAX_PER_CALL items.
 */
export interface RoomApi {
  /** `replaces`: the token of the session to revoke. `conflict`: the address is in use. */
  createAccount(request: {
    email: string;
    password: string;
    displayName: string;
    replaces?: string;
  }): Promise<SignedIn>;
  /** `unauthenticated`: unknown address or wrong password; both take the same time. */
  createSession(request: { email: string; password: string; replaces?: string }): Promise<SignedIn>;
  /** Renews the session. `unauthenticated`: unknown, revoked or expired. */
  getSession(request: { token: string }): Promise<Session>;
  /** The same for several tokens, in their order; null instead of `unauthenticated`. */
  getSessions(request: { tokens: readonly string[] }): Promise<{ sessions: readonly (Session | null)[] }>;
  /** Revokes the session and publishes that on `user:{userId}`. An unknown token is not an error. */
  deleteSession(request: { token: string }): Promise<void>;
  /** Those of the given sessions that are no longer valid. */
  findEndedSessions(request: { sessionIds: readonly SessionId[] }): Promise<{ sessionIds: readonly SessionId[] }>;

  /** At most 20, by case-insensitive prefix of the display name or by whole e-mail address; never the current user. */
  findUsers(request: { userId: UserId; query: string }): Promise<{ users: readonly User[] }>;

  /** Idempotent for the creator. `conflict`: the roomId is taken. `not_found`: unknown memberIds. */
  createRoom(request: {
    userId: UserId;
    roomId: RoomId;
    name: string | null;
    memberIds: readonly UserId[];
  }): Promise<{ room: CommittedRoom }>;
  /** Existing members stay unchanged. */
  addMembers(request: {
    userId: UserId;
    roomId: RoomId;
    memberIds: readonly UserId[];
  }): Promise<{ room: CommittedRoom }>;
  leaveRoom(request: { userId: UserId; roomId: RoomId }): Promise<void>;
  /** Owners only (`forbidden`). null: without a name. The same name again changes nothing. */
  renameRoom(request: { userId: UserId; roomId: RoomId; name: string | null }): Promise<{ room: CommittedRoom }>;
  /** Owners only (`forbidden`). `not_found`: memberId is not a member; `invalid`: it is the current user. */
  removeMember(request: { userId: UserId; roomId: RoomId; memberId: UserId }): Promise<{ room: CommittedRoom }>;
  /** `too_large`: the room has LIMITS.invitationsPerRoom valid invitations. */
  createInvitation(request: { userId: UserId; roomId: RoomId }): Promise<{ token: string; expiresAt: number }>;
  /** Any member: the valid invitations, newest first. */
  getInvitations(request: { userId: UserId; roomId: RoomId }): Promise<{ invitations: readonly Invitation[] }>;
  /** By its creator or an owner of the room, otherwise `forbidden`. Idempotent. */
  deleteInvitation(request: { userId: UserId; roomId: RoomId; invitationId: InvitationId }): Promise<void>;
  /** For a member it only returns the room. `not_found`: no such invitation, or it has expired. */
  joinRoom(request: { userId: UserId; token: string }): Promise<{ room: CommittedRoom }>;
  /** In the order in which they joined; `next` is the `after` of the next page. `not_member`. */
  getMembers(request: {
    userId: UserId;
    roomId: RoomId;
    after?: string;
    limit: number;
  }): Promise<{ members: readonly Member[]; next?: string }>;
  /**
   * Advances read positions, never back and never past the head, and publishes the changes.
   * Results in the order of the request: the present position, or `not_member`.
   */
  readRooms(request: { readings: readonly Reading[] }): Promise<{ results: readonly ReadingResult[] }>;
  /** Members who have read up to the seq, without `exceptId`; `users` has the first 50. `not_member`. */
  getReaders(request: {
    userId: UserId;
    roomId: RoomId;
    seq: number;
    exceptId?: UserId;
  }): Promise<{ count: number; users: readonly User[] }>;

  /** Those of the given users who share a room with this user; null: their last connection is unknown. */
  findContacts(request: {
    userId: UserId;
    userIds: readonly UserId[];
  }): Promise<{ contacts: readonly { userId: UserId; lastSeenAt: number | null }[] }>;
  /** For each user, the rooms whose members receive the user's presence: those of up to 200 members. */
  getAudiences(request: {
    userIds: readonly UserId[];
  }): Promise<{ audiences: readonly { userId: UserId; roomIds: readonly RoomId[] }[] }>;
  /** Stores when users were last connected; an earlier time than the stored one changes nothing. */
  noteSeen(request: { people: readonly { userId: UserId; at: number }[] }): Promise<void>;
  /** All rooms of a user, in no particular order. */
  getMemberships(request: { userId: UserId }): Promise<MembershipsOfUser>;
  /** The same for several users (each once), in the order of the userIds. */
  getMembershipsOfUsers(request: { userIds: readonly UserId[] }): Promise<{ results: readonly MembershipsOfUser[] }>;
  /** A user's version rises with every change of their memberships. Users who do not exist are omitted. */
  getRoomsVersions(request: {
    userIds: readonly UserId[];
  }): Promise<{ versions: readonly { userId: UserId; roomsVersion: number }[] }>;
  /** Rooms that do not exist are omitted. Does not check membership: callers must. */
  getRooms(request: { roomIds: readonly RoomId[] }): Promise<{ rooms: readonly CommittedRoom[] }>;
}

/** The methods that other processes can call. */
export const ROOM_API_METHODS = [
  'createAccount',
  'createSession',
  'getSession',
  'getSessions',
  'deleteSession',
  'findEndedSessions',
  'findUsers',
  'createRoom',
  'addMembers',
  'leaveRoom',
  'renameRoom',
  'removeMember',
  'createInvitation',
  'getInvitations',
  'deleteInvitation',
  'joinRoom',
  'getMembers',
  'readRooms',
  'getReaders',
  'findContacts',
  'getAudiences',
  'noteSeen',
  'getMemberships',
  'getMembershipsOfUsers',
  'getRoomsVersions',
  'getRooms',
] as const satisfies readonly (keyof RoomApi)[];

/** Injection token of a RoomApi: the service itself, or an RPC client. */
export const ROOM_API = Symbol('RoomApi');
