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

  /** The first five, in the order they joined. */
  @Prop({ type: [String], required: true })
  firstMemberIds!: UserId[];

  /** How many it was made with; never changed. */
  @Prop({ type: Number, required: true, immutable: true })
  initialMemberCount!: number;

  @Prop({ type: Number, required: true })
  memberCount!: number;

  /** Joins, leaves and new names so far: numbers them, and makes concurrent ones of a room conflict, so that they are in one order. */
  @Prop({ type: Number, required: true })
  changeCount!: number;

  /** Makes invitations that are made at the same time conflict; missing where there was none. */
  @Prop({ type: Number })
  invitationsMade?: number;

  @Prop({ type: Number, required: true })
  createdAt!: number;
}

export const StoredRoomSchema = SchemaFactory.createForClass(StoredRoom);
