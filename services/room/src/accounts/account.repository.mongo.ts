import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { OwnUser, User, UserId } from '@parley/protocol';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../mongo-errors.ts';
import { type AccountRepository, endOfPrefix, type AccountSecret, type NewAccount } from './account.repository.ts';
import { StoredUser } from './account.schema.ts';

const USER = { _id: 0, userId: 1, displayName: 1 } as const;
const OWN_USER = { ...USER, email: 1 } as const;

@Injectable()
export class MongoAccountRepository implements AccountRepository {
  readonly #users: Model<StoredUser>;

  constructor(@InjectModel(StoredUser.name) users: Model<StoredUser>) {
    this.#users = users;
  }

  async insert(account: NewAccount): Promise<boolean> {
    try {
      await this.#users.insertMany([{ ...account, roomsVersion: 0 }], { lean: true });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  findByEmail(email: string): Promise<AccountSecret | null> {
    return this.#users
      .findOne({ email }, { ...OWN_USER, passwordHash: 1 })
      .lean<AccountSecret>()
      .exec();
  }

  findOwn(userIds: readonly UserId[]): Promise<readonly OwnUser[]> {
    return this.#users
      .find({ userId: { $in: userIds } }, OWN_USER)
      .lean<OwnUser[]>()
      .exec();
  }

  findUsers(userIds: readonly UserId[]): Promise<readonly User[]> {
    return this.#users
      .find({ userId: { $in: userIds } }, USER)
      .lean<User[]>()
      .exec();
  }

  findByNamePrefix(prefix: string, limit: number): Promise<readonly User[]> {
    return this.#users
      .find({ displayNameKey: { $gte: prefix, $lt: endOfPrefix(prefix) } }, USER)
      .sort({ displayNameKey: 1, userId: 1 })
      .limit(limit)
      .lean<User[]>()
      .exec();
  }

  findRoomsVersions(userIds: readonly UserId[]): Promise<readonly { userId: UserId; roomsVersion: number }[]> {
    return this.#users
      .find({ userId: { $in: userIds } }, { _id: 0, userId: 1, roomsVersion: 1 })
      .lean<{ userId: UserId; roomsVersion: number }[]>()
      .exec();
  }
}
