import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { RoomChangeEntry } from '@parley/contracts';
import type { RoomId, UserId } from '@parley/protocol';

@Schema({ collection: 'membership_announcements', versionKey: false, minimize: false })
export class StoredAnnouncement {
  @Prop({ type: String, required: true })
  roomId!: RoomId;

  @Prop({ type: Number, required: true })
  changeNumber!: number;

  @Prop({ type: String, required: true })
  entryId!: string;

  @Prop({ type: String, required: true })
  event!: RoomChangeEntry['event'];

  /** Missing in announcements by the previous release. */
  @Prop({ type: Object })
  data?: RoomChangeEntry['data'];

  @Prop({ type: String, required: true })
  userId!: UserId;

  @Prop({ type: Number, required: true })
  madeAt!: number;
}

export const StoredAnnouncementSchema = SchemaFactory.createForClass(StoredAnnouncement);
