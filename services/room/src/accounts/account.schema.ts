import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SHARED_COLLECTIONS } from '@parley/contracts';
import type { UserId } from '@parley/protocol';

@Schema({ collection: SHARED_COLLECTIONS.users, versionKey: false })
export class StoredUser {
  @Prop({ type: String, required: true })
  userId!: UserId;

  /** Normalised. */
  @Prop({ type: String, required: true })
  email!: string;

  @Prop({ type: String, required: true })
  displayName!: string;

  @Prop({ type: String, required: true })
  displayNameKey!: string;

  @Prop({ type: String, required: true })
  passwordHash!: string;

  /** Rises with every change of this person's memberships, in the same transaction. */
  @Prop({ type: Number, required: true })
  roomsVersion!: number;

  @Prop({ type: Number, required: true })
  createdAt!: number;

  /** When they were last connected; missing as long as that is not known. */
  @Prop({ type: Number })
  lastSeenAt?: number;
}

export const StoredUserSchema = SchemaFactory.createForClass(StoredUser);
