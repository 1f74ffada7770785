import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { RoomId, UserId } from '@parley/protocol';

@Schema({ collection: 'rooms', versionKey: false })
export class StoredRoom {
  @Prop({ type: String, required: true })
  roomId!: RoomId;

  @Prop({ type: String })
  name!: string | null;

  @Prop({ type: String, required: true })
  creatorId!: UserId;

  /** The first five members in join order. */
  @Prop({ type: [String], required: true })
  firstMemberIds!: UserId[];

  /** Number of members at creation; never changes. */
  @Prop({ type: Number, required: true, immutable: true })
  initialMemberCount!: number;

  @Prop({ type: Number, required: true })
  memberCount!: number;

  /** Number of joins, leaves and renames so far. Numbers them, and makes concurrent changes of a room conflict. */
  @Prop({ type: Number, required: true })
  changeCount!: number;

  /** Makes concurrent inserts of invitations conflict. Missing: none yet. */
  @Prop({ type: Number })
  invitationsMade?: number;

  @Prop({ type: Number, required: true })
  createdAt!: number;
}

export const StoredRoomSchema = SchemaFactory.createForClass(StoredRoom);
