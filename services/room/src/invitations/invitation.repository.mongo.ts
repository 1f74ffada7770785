import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { InvitationRepository, type InvitationRecord } from './invitation.repository.ts';
import { StoredInvitation } from './invitation.schema.ts';

@Injectable()
export class MongoInvitationRepository extends InvitationRepository {
  constructor(@InjectModel(StoredInvitation.name) private readonly invitations: Model<StoredInvitation>) {
    super();
  }

  async insert(invitation: InvitationRecord): Promise<void> {
    await this.invitations.insertMany([{ ...invitation }], { lean: true });
  }

  find(tokenDigest: string): Promise<InvitationRecord | null> {
    return this.invitations.findOne({ tokenDigest }, { _id: 0 }).lean<InvitationRecord>().exec();
  }

  async removeExpired(now: number): Promise<void> {
    await this.invitations.deleteMany({ expiresAt: { $lte: now } });
  }
}
