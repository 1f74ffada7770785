import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SHARED_COLLECTIONS } from '@parley/contracts';
import type { MemberRole, RoomId, UserId } from '@parley/protocol';

@Schema({ collection: SHARED_COLLECTIONS.memberships, versionKey: false })
export class StoredMembership {
  @Prop({ type: String, required: true })
  roomId!: RoomId;

  @Prop({ type: String, required: true })
  userId!: UserId;

  /** The changeNumber of the join. */
  @Prop({ type: Number, required: true })
  joinOrder!: number;

  /** null until the join is in the room log. */
  @Prop({ type: Number })
  readSeq!: number | null;

  @Prop({ type: Number })
  readCount!: number | null;

  /** Missing in documents of the previous release: `member`. */
  @Prop({ type: String })
  role?: MemberRole;
}

export const StoredMembershipSchema = SchemaFactory.createForClass(StoredMembership);
