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

  /** Incremented with every change of the user's memberships, in the same transaction. */
  @Prop({ type: Number, required: true })
  roomsVersion!: number;

  @Prop({ type: Number, required: true })
  createdAt!: number;

  /** When the user was last connected. Missing: unknown. */
  @Prop({ type: Number })
  lastSeenAt?: number;
}

export const StoredUserSchema = SchemaFactory.createForClass(StoredUser);
