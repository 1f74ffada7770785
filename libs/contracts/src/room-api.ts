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

/** Names a session without being able to act as it (the token's digest); safe in logs and on the bus. */
export type SessionId = string & { readonly __session: never };

export interface Session {
  readonly sessionId: SessionId;
  readonly user: OwnUser;
  readonly expiresAt: number;
}

/** token is what the cookie carries; it is stored nowhere. */
export interface SignedIn extends Session {
  readonly token: string;
}

/** A room with every change that is committed: its log may have yet to say so. */
export interface CommittedRoom extends Room {
  /** How many it was made with. With the `memberDelta` of a head: how many it has at that head. */
  readonly initialMemberCount: number;
}

/** A person's place in a room. */
export interface Membership {
  readonly roomId: RoomId;
  /** Up to where one has read; null while one's joining has no place in the log yet (then: the head). */
  readonly readSeq: number | null;
  readonly readCount: number | null;
  /** Missing where the release before answers. */
  readonly role?: MemberRole;
}

/** `roomsVersion` rises with every change of them. */
export interface MembershipsOfUser {
  readonly roomsVersion: number;
  readonly memberships: readonly Membership[];
  /** Of the data: another one after they were restored from a backup. Missing where the release before answers. */
  readonly epoch?: string;
}

/** Somebody has read a room up to there, by saying so or by writing there. */
export interface Reading {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly seq: number;
  /** By writing: everybody who gets the message knows it already. */
  readonly byWriting?: true;
}

/**
 * Up to where somebody has read, how many messages that are, and how many after it mention them (missing while that
 * cannot be counted); or why that is not known.
 */
export type ReadingResult =
  | { readonly readSeq: number; readonly readCount: number; readonly mentionCount?: number }
  | { readonly error: WireError };

/**
 * What the room service does for the others. Errors are `ParleyError`s; `userId` is always the one of the session,
 * never one from a frame. Whoever may not know of a room is told `not_member`, whether it exists or not.
 */
export interface RoomApi {
  /** `replaces`: the token of the session that this one takes the place of; it is revoked. `conflict`: address in use. */
  createAccount(request: {
    email: string;
    password: string;
    displayName: string;
    replaces?: string;
  }): Promise<SignedIn>;
  /** `unauthenticated`, alike and after the same work for an unknown address and a wrong password. */
  createSession(request: { email: string; password: string; replaces?: string }): Promise<SignedIn>;
  /** Renews it by use. `unauthenticated`: unknown, revoked or expired. */
  getSession(request: { token: string }): Promise<Session>;
  /** The same for several (≤ 1,000), in the order of the tokens; null where it would be `unauthenticated`. */
  getSessions(request: { tokens: readonly string[] }): Promise<{ sessions: readonly (Session | null)[] }>;
  /** Revokes it and says so on `user:{userId}`; an unknown token is no error. */
  deleteSession(request: { token: string }): Promise<void>;
  /** Those of the given sessions that are no longer valid (≤ 1,000 asked). */
  findEndedSessions(request: { sessionIds: readonly SessionId[] }): Promise<{ sessionIds: readonly SessionId[] }>;

  /** ≤ 20, by prefix of the display name without regard to case, or by the whole e-mail address; never oneself. */
  findUsers(request: { userId: UserId; query: string }): Promise<{ users: readonly User[] }>;

  /** Again by the same creator: the same room. A taken roomId: `conflict`. Unknown memberIds: `not_found`. */
  createRoom(request: {
    userId: UserId;
    roomId: RoomId;
    name: string | null;
    memberIds: readonly UserId[];
  }): Promise<{ room: CommittedRoom }>;
  /** Those who are members already stay as they are. */
  addMembers(request: {
    userId: UserId;
    roomId: RoomId;
    memberIds: readonly UserId[];
  }): Promise<{ room: CommittedRoom }>;
  leaveRoom(request: { userId: UserId; roomId: RoomId }): Promise<void>;
  /** By an owner, else `forbidden`. null: without a name. The same name again changes nothing. */
  renameRoom(request: { userId: UserId; roomId: RoomId; name: string | null }): Promise<{ room: CommittedRoom }>;
  /** By an owner, else `forbidden`. `not_found`: memberId is no member; `invalid`: it is oneself. */
  removeMember(request: { userId: UserId; roomId: RoomId; memberId: UserId }): Promise<{ room: CommittedRoom }>;
  /** `too_large`: LIMITS.invitationsPerRoom are open already. */
  createInvitation(request: { userId: UserId; roomId: RoomId }): Promise<{ token: string; expiresAt: number }>;
  /** By any member: those that are good still, newest first. */
  getInvitations(request: { userId: UserId; roomId: RoomId }): Promise<{ invitations: readonly Invitation[] }>;
  /** By who made it or an owner of the room, else `forbidden`. One that is gone is no error. */
  deleteInvitation(request: { userId: UserId; roomId: RoomId; invitationId: InvitationId }): Promise<void>;
  /** Again by a member: the room. `not_found`: no such invitation, or it has expired. */
  joinRoom(request: { userId: UserId; token: string }): Promise<{ room: CommittedRoom }>;
  /** In the order they joined; `next` is the `after` of the page that follows. `not_member`. */
  getMembers(request: {
    userId: UserId;
    roomId: RoomId;
    after?: string;
    limit: number;
  }): Promise<{ members: readonly Member[]; next?: string }>;
  /**
   * Moves on what people have read (≤ 1,000), never back and never past the head, and tells those whom it concerns.
   * Results in the order of the request: the position as it is now, or `not_member`.
   */
  readRooms(request: { readings: readonly Reading[] }): Promise<{ results: readonly ReadingResult[] }>;
  /** Members who have read up to the seq, without `exceptId`; of the people the first 50. `not_member`. */
  getReaders(request: {
    userId: UserId;
    roomId: RoomId;
    seq: number;
    exceptId?: UserId;
  }): Promise<{ count: number; users: readonly User[] }>;

  /** Those of the people (≤ 1,000) who share a room with this one; null: it is not known when they were last seen. */
  findContacts(request: {
    userId: UserId;
    userIds: readonly UserId[];
  }): Promise<{ contacts: readonly { userId: UserId; lastSeenAt: number | null }[] }>;
  /** The rooms of each of these people (≤ 1,000) in which others are told of them: of up to 200 members. */
  getAudiences(request: {
    userIds: readonly UserId[];
  }): Promise<{ audiences: readonly { userId: UserId; roomIds: readonly RoomId[] }[] }>;
  /** That these people (≤ 1,000) were here then; an earlier time changes nothing. */
  noteSeen(request: { people: readonly { userId: UserId; at: number }[] }): Promise<void>;
  /** All rooms of one person, in no order. */
  getMemberships(request: { userId: UserId }): Promise<MembershipsOfUser>;
  /** The same for several (≤ 1,000, each once), in the order of the userIds. */
  getMembershipsOfUsers(request: { userIds: readonly UserId[] }): Promise<{ results: readonly MembershipsOfUser[] }>;
  /** Rises with every change of a person's memberships (≤ 1,000 asked). People who do not exist are left out. */
  getRoomsVersions(request: {
    userIds: readonly UserId[];
  }): Promise<{ versions: readonly { userId: UserId; roomsVersion: number }[] }>;
  /** Rooms that do not exist are left out (≤ 1,000 asked). No check of membership: the caller has made it. */
  getRooms(request: { roomIds: readonly RoomId[] }): Promise<{ rooms: readonly CommittedRoom[] }>;
}

/** The methods that may be called from another process. */
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

/** Injection token of a RoomApi: the service itself, or a client of it. */
export const ROOM_API = Symbol('RoomApi');
