import { LIMITS, type InvitationId, type RoomId, type UserId } from '@parley/protocol';
import { IsCursor, IsId, IsIdList, IsOptionalField, IsPageLimit, IsSeq } from '@parley/protocol/validation';
import { ArrayMaxSize, Equals, IsArray, IsString, MaxLength } from 'class-validator';
import { MAX_PER_CALL } from '../limits.ts';
import type { Reading, RoomApi, SessionId } from '../room-api.ts';
import { IsCallIdList, IsListOf, IsNullable } from './rules.ts';

// Tokens have no bound here: HTTP headers and the wire bound them, and one that is too long is unknown like any other.

class CreateSession {
  @MaxLength(LIMITS.emailLength)
  readonly email!: string;

  @MaxLength(LIMITS.passwordMaxLength)
  readonly password!: string;

  @IsOptionalField()
  @IsString()
  readonly replaces?: string;
}

class CreateAccount extends CreateSession {
  @MaxLength(LIMITS.displayNameLength)
  readonly displayName!: string;
}

class Token {
  @IsString()
  readonly token!: string;
}

class Tokens {
  @IsString({ each: true })
  @ArrayMaxSize(MAX_PER_CALL)
  @IsArray()
  readonly tokens!: readonly string[];
}

class SessionIds {
  @IsCallIdList()
  readonly sessionIds!: readonly SessionId[];
}

class FindUsers {
  @IsId()
  readonly userId!: UserId;

  @MaxLength(LIMITS.emailLength)
  readonly query!: string;
}

class UserAndRoom {
  @IsId()
  readonly userId!: UserId;

  @IsId()
  readonly roomId!: RoomId;
}

class RenameRoom extends UserAndRoom {
  @IsNullable()
  @MaxLength(LIMITS.roomNameLength)
  readonly name!: string | null;
}

class AddMembers extends UserAndRoom {
  @IsIdList(LIMITS.membersPerCreateRoom, {})
  readonly memberIds!: readonly UserId[];
}

class CreateRoom extends AddMembers {
  @IsNullable()
  @MaxLength(LIMITS.roomNameLength)
  readonly name!: string | null;
}

class RemoveMember extends UserAndRoom {
  @IsId()
  readonly memberId!: UserId;
}

class DeleteInvitation extends UserAndRoom {
  @IsId()
  readonly invitationId!: InvitationId;
}

class JoinRoom {
  @IsId()
  readonly userId!: UserId;

  @IsString()
  readonly token!: string;
}

class GetMembers extends UserAndRoom {
  @IsOptionalField()
  @IsCursor()
  readonly after?: string;

  @IsPageLimit(LIMITS.membersPerPage)
  readonly limit!: number;
}

class ReadRoom extends UserAndRoom {
  @IsSeq()
  readonly seq!: number;

  @IsOptionalField()
  @Equals(true)
  readonly byWriting?: true;
}

class ReadRooms {
  @IsListOf(ReadRoom)
  readonly readings!: readonly Reading[];
}

class GetReaders extends UserAndRoom {
  @IsSeq()
  readonly seq!: number;

  @IsOptionalField()
  @IsId()
  readonly exceptId?: UserId;
}

class User {
  @IsId()
  readonly userId!: UserId;
}

class Users {
  @IsCallIdList()
  readonly userIds!: readonly UserId[];
}

class FindContacts extends User {
  @IsCallIdList()
  readonly userIds!: readonly UserId[];
}

class Seen {
  @IsId()
  readonly userId!: UserId;

  /** Milliseconds since the epoch. */
  @IsSeq()
  readonly at!: number;
}

class NoteSeen {
  @IsListOf(Seen)
  readonly people!: readonly { readonly userId: UserId; readonly at: number }[];
}

class GetRooms {
  @IsCallIdList()
  readonly roomIds!: readonly RoomId[];
}

/** The rules of each method's request. */
export const ROOM_REQUESTS = {
  createAccount: CreateAccount,
  createSession: CreateSession,
  getSession: Token,
  getSessions: Tokens,
  deleteSession: Token,
  findEndedSessions: SessionIds,
  findUsers: FindUsers,
  createRoom: CreateRoom,
  addMembers: AddMembers,
  leaveRoom: UserAndRoom,
  renameRoom: RenameRoom,
  removeMember: RemoveMember,
  createInvitation: UserAndRoom,
  getInvitations: UserAndRoom,
  deleteInvitation: DeleteInvitation,
  joinRoom: JoinRoom,
  getMembers: GetMembers,
  readRooms: ReadRooms,
  getReaders: GetReaders,
  findContacts: FindContacts,
  getAudiences: Users,
  noteSeen: NoteSeen,
  getMemberships: User,
  getMembershipsOfUsers: Users,
  getRoomsVersions: Users,
  getRooms: GetRooms,
} satisfies { readonly [Method in keyof RoomApi]: new () => Parameters<RoomApi[Method]>[0] };
