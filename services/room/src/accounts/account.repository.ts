import type { OwnUser, User, UserId } from '@parley/protocol';

export interface NewAccount extends OwnUser {
  /** Search form of the display name. */
  readonly displayNameKey: string;
  readonly passwordHash: string;
  readonly createdAt: number;
}

export interface AccountSecret extends OwnUser {
  readonly passwordHash: string;
}

export const ACCOUNT_REPOSITORY = Symbol('AccountRepository');

/** Accounts, found by userId, normalised address or prefix of the display name. */
export interface AccountRepository {
  /** Returns false, and stores nothing, when another account has the address. roomsVersion starts at 0. */
  insert(account: NewAccount): Promise<boolean>;
  findByEmail(email: string): Promise<AccountSecret | null>;
  /** Includes private fields. Unordered; unknown users are omitted. */
  findOwn(userIds: readonly UserId[]): Promise<readonly OwnUser[]>;
  /** Unordered; unknown users are omitted. */
  findUsers(userIds: readonly UserId[]): Promise<readonly User[]>;
  /** Users whose displayNameKey starts with `prefix`, ordered by displayNameKey, then userId. */
  findByNamePrefix(prefix: string, limit: number): Promise<readonly User[]>;
  /** Unordered; unknown users are omitted. */
  findRoomsVersions(userIds: readonly UserId[]): Promise<readonly { userId: UserId; roomsVersion: number }[]>;
}

/** Upper bound of all keys that start with `prefix`, in the byte order of both stores. */
export const endOfPrefix = (prefix: string): string => `${prefix}\u{10FFFF}`;
