import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { RoomId } from '@parley/protocol';
import type { Model } from 'mongoose';
import { inTransaction } from '../mongo-transaction.ts';
import { StoredRoom } from '../rooms/room.schema.ts';
import type { InvitationLimit, InvitationRecord, InvitationRepository } from './invitation.repository.ts';
import { StoredInvitation } from './invitation.schema.ts';

@Injectable()
export class MongoInvitationRepository implements InvitationRepository {
  readonly #invitations: Model<StoredInvitation>;
  readonly #rooms: Model<StoredRoom>;

  constructor(
    @InjectModel(StoredInvitation.name) invitations: Model<StoredInvitation>,
    @InjectModel(StoredRoom.name) rooms: Model<StoredRoom>,
  ) {
    this.#invitations = invitations;
    this.#rooms = rooms;
  }

  async insert(invitation: InvitationRecord, { now, limit }: InvitationLimit): Promise<boolean> {
    const { roomId } = invitation;
    return inTransaction(this.#invitations.db, async (session) => {
      // Makes concurrent inserts conflict, so that each counts the others.
      await this.#rooms.updateOne({ roomId }, { $inc: { invitationsMade: 1 } }, { session });
      const open = await this.#invitations.countDocuments({ roomId, expiresAt: { $gt: now } }, { session, limit });
      if (open >= limit) return false;
      await this.#invitations.insertMany([{ ...invitation }], { session, lean: true });
      return true;
    });
  }

  findByRoom(roomId: RoomId, now: number): Promise<readonly InvitationRecord[]> {
    return this.#invitations
      .find({ roomId, expiresAt: { $gt: now } }, { _id: 0 })
      .sort({ expiresAt: -1 })
      .lean<InvitationRecord[]>()
      .exec();
  }

  async remove(roomId: RoomId, tokenDigest: string): Promise<void> {
    await this.#invitations.deleteOne({ tokenDigest, roomId });
  }

  find(tokenDigest: string): Promise<InvitationRecord | null> {
    return this.#invitations.findOne({ tokenDigest }, { _id: 0 }).lean<InvitationRecord>().exec();
  }

  async removeExpired(now: number): Promise<void> {
    await this.#invitations.deleteMany({ expiresAt: { $lte: now } });
  }
}
