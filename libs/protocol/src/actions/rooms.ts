import { ArrayNotEmpty } from 'class-validator';
import type { RoomId, UserId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import type { Member, Room, RoomSummary } from '../model.ts';
import { IsCursor, IsId, IsIdList, IsOptionalField, IsPageLimit, IsText } from '../rules.ts';
import { action, type Nothing } from './action.ts';

class GetUserRooms {
  @IsOptionalField()
  @IsCursor()
  readonly after?: string;
}

class CreateRoom {
  @IsId()
  readonly roomId!: RoomId;

  @IsOptionalField()
  @IsText(LIMITS.roomNameLength)
  readonly name?: string;

  @IsIdList(LIMITS.membersPerCreateRoom)
  readonly memberIds!: readonly UserId[];
}

class RenameRoom {
  @IsId()
  readonly roomId!: RoomId;

  /** absent or empty: clients show the members' names */
  @IsOptionalField()
  @IsText(LIMITS.roomNameLength)
  readonly name?: string;
}

class AddMembers {
  @IsId()
  readonly roomId!: RoomId;

  @ArrayNotEmpty()
  @IsIdList(LIMITS.membersPerCreateRoom)
  readonly memberIds!: readonly UserId[];
}

class RemoveMember {
  @IsId()
  readonly roomId!: RoomId;

  /** the member to remove */
  @IsId()
  readonly userId!: UserId;
}

class LeaveRoom {
  @IsId()
  readonly roomId!: RoomId;
}

class GetMembers {
  @IsId()
  readonly roomId!: RoomId;

  @IsOptionalField()
  @IsCursor()
  readonly after?: string;

  @IsOptionalField()
  @IsPageLimit(LIMITS.membersPerPage)
  readonly limit?: number;
}

export const roomActions = {
  /** most recent activity first; pages end at 256 KiB */
  get_user_rooms: action<
    GetUserRooms,
    { readonly rooms: readonly RoomSummary[]; readonly next?: string; readonly roomsVersion: number }
  >(GetUserRooms),
  create_room: action<CreateRoom, { readonly room: RoomSummary }>(CreateRoom),
  /** owners only */
  rename_room: action<RenameRoom, { readonly room: Room }>(RenameRoom),
  add_members: action<AddMembers, { readonly room: Room }>(AddMembers),
  /** owners only */
  remove_member: action<RemoveMember, { readonly room: Room }>(RemoveMember),
  leave_room: action<LeaveRoom, Nothing>(LeaveRoom),
  /** in the order in which they joined */
  get_members: action<GetMembers, { readonly members: readonly Member[]; readonly next?: string }>(GetMembers),
};
