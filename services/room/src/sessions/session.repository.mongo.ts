import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { SessionId } from '@parley/contracts';
import type { UserId } from '@parley/protocol';
import type { Model } from 'mongoose';
import type { SessionRecord, SessionRepository } from './session.repository.ts';
import { StoredSession } from './session.schema.ts';

@Injectable()
export class MongoSessionRepository implements SessionRepository {
  readonly #sessions: Model<StoredSession>;

  constructor(@InjectModel(StoredSession.name) sessions: Model<StoredSession>) {
    this.#sessions = sessions;
  }

  async insert(session: SessionRecord): Promise<void> {
    await this.#sessions.insertMany([{ ...session }], { lean: true });
  }

  find(sessionIds: readonly SessionId[]): Promise<readonly SessionRecord[]> {
    return this.#sessions
      .find({ sessionId: { $in: sessionIds } }, { _id: 0 })
      .lean<SessionRecord[]>()
      .exec();
  }

  async renew(sessionId: SessionId, times: { renewedAt: number; expiresAt: number }): Promise<void> {
    await this.#sessions.updateOne({ sessionId }, { $set: times });
  }

  async remove(sessionId: SessionId): Promise<UserId | null> {
    const removed = await this.#sessions.findOneAndDelete({ sessionId }).lean<SessionRecord>().exec();
    return removed?.userId ?? null;
  }

  async removeExpired(now: number): Promise<void> {
    await this.#sessions.deleteMany({ expiresAt: { $lte: now } });
  }
}
