import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { SessionId } from '@parley/contracts';
import type { UserId } from '@parley/protocol';

@Schema({ collection: 'sessions', versionKey: false })
export class StoredSession {
  /** SHA-256 of the token, in hex. */
  @Prop({ type: String, required: true })
  sessionId!: SessionId;

  @Prop({ type: String, required: true })
  userId!: UserId;

  @Prop({ type: Number, required: true })
  renewedAt!: number;

  @Prop({ type: Number, required: true })
  expiresAt!: number;
}

export const StoredSessionSchema = SchemaFactory.createForClass(StoredSession);
