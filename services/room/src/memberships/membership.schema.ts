import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SHARED_COLLECTIONS } from '@parley/contracts';
import type { MemberRole, RoomId, UserId } from '@parley/protocol';

@Schema({ collection: SHARED_COLLECTIONS.memberships, versionKey: false })
export class StoredMembership {
  @Prop({ type: String, required: true })
  roomId!: RoomId;

  @Prop({ type: String, required: true })
  userId!: UserId;

  /** The number of the change by which they joined. */
  @Prop({ type: Number, required: true })
  joinOrder!: number;

  /** null until the joining has its place in the room's log. */
  @Prop({ type: Number })
  readSeq!: number | null;

  @Prop({ type: Number })
  readCount!: number | null;

  /** Missing where the release before stored it: a member. */
  @Prop({ type: String })
  role?: MemberRole;
}

export const StoredMembershipSchema = SchemaFactory.createForClass(StoredMembership);
