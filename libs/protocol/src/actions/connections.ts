import { IsBoolean, IsInt, IsString, MaxLength } from 'class-validator';
import type { ConnectionId, UserId } from '../ids.ts';
import { LIMITS, type ConnectionLimits } from '../limits.ts';
import type { OwnUser, Presence, RoomSummary } from '../model.ts';
import { IsId, IsIdList, IsOptionalField } from '../rules.ts';
import { action, NoData, type Nothing } from './action.ts';

const CLIENT_LENGTH = 64;

class CreateConnection {
  /** 1 */
  @IsInt()
  readonly protocol!: number;

  /** the user that the client expects to be signed in; `conflict` when the session is another user's */
  @IsOptionalField()
  @IsId()
  readonly userId?: UserId;

  /** the client's build, for the logs */
  @IsOptionalField()
  @IsString()
  @MaxLength(CLIENT_LENGTH)
  readonly client?: string;
}

class SetAway {
  @IsBoolean()
  readonly away!: boolean;
}

class GetPresence {
  @IsIdList(LIMITS.usersPerPresence)
  readonly userIds!: readonly UserId[];
}

export const connectionActions = {
  /** the first command of a connection */
  create_connection: action<
    CreateConnection,
    {
      readonly connectionId: ConnectionId;
      readonly user: OwnUser;
      readonly heartbeatMs: number;
      readonly limits: ConnectionLimits;
      readonly roomsVersion: number;
      readonly rooms: readonly RoomSummary[];
      /** more rooms exist: `get_user_rooms` with `after: next` */
      readonly next?: string;
      /** of the stored data; it changes when the data are restored from a backup */
      readonly epoch?: string;
    }
  >(CreateConnection),
  /** the server closes the connection with 1000 */
  delete_connection: action<NoData, Nothing>(NoData),
  /** for this connection; a user is away when all their connections are */
  set_away: action<SetAway, Nothing>(SetAway),
  /** without the users who share no room with the current user */
  get_presence: action<GetPresence, { readonly presence: readonly Presence[] }>(GetPresence),
};
