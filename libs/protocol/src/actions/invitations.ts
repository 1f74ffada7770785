import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import type { InvitationId, RoomId } from '../ids.ts';
import type { Invitation, RoomSummary } from '../model.ts';
import { IsId } from '../rules.ts';
import { action, type Nothing } from './action.ts';

const MAX_TOKEN_LENGTH = 128;

class CreateInvitation {
  @IsId()
  readonly roomId!: RoomId;
}

class GetInvitations {
  @IsId()
  readonly roomId!: RoomId;
}

class DeleteInvitation {
  @IsId()
  readonly roomId!: RoomId;

  @IsId()
  readonly invitationId!: InvitationId;
}

class JoinRoom {
  @MaxLength(MAX_TOKEN_LENGTH)
  @IsNotEmpty()
  @IsString()
  readonly token!: string;
}

export const invitationActions = {
  /** valid for 7 days */
  create_invitation: action<CreateInvitation, { readonly token: string; readonly expiresAt: number }>(CreateInvitation),
  /** those that are still valid, newest first */
  get_invitations: action<GetInvitations, { readonly invitations: readonly Invitation[] }>(GetInvitations),
  /** idempotent */
  delete_invitation: action<DeleteInvitation, Nothing>(DeleteInvitation),
  join_room: action<JoinRoom, { readonly room: RoomSummary }>(JoinRoom),
};
