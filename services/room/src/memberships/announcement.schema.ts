import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { MembershipEntry } from '@parley/contracts';
import type { RoomId, UserId } from '@parley/protocol';

@Schema({ collection: 'membership_announcements', versionKey: false })
export class StoredAnnouncement {
  @Prop({ type: String, required: true })
  roomId!: RoomId;

  @Prop({ type: Number, required: true })
  changeNumber!: number;

  @Prop({ type: String, required: true })
  entryId!: string;

  @Prop({ type: String, required: true })
  event!: MembershipEntry['event'];

  @Prop({ type: String, required: true })
  userId!: UserId;

  @Prop({ type: Number, required: true })
  madeAt!: number;
}

export const StoredAnnouncementSchema = SchemaFactory.createForClass(StoredAnnouncement);
