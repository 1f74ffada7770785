import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { RoomId, UserId } from '@parley/protocol';

@Schema({ collection: 'invitations', versionKey: false })
export class StoredInvitation {
  @Prop({ type: String, required: true })
  tokenDigest!: string;

  @Prop({ type: String, required: true })
  roomId!: RoomId;

  @Prop({ type: String, required: true })
  creatorId!: UserId;

  @Prop({ type: Number, required: true })
  expiresAt!: number;
}

export const StoredInvitationSchema = SchemaFactory.createForClass(StoredInvitation);
