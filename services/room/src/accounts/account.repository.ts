import type { OwnUser, User, UserId } from '@parley/protocol';

export interface NewAccount extends OwnUser {
  /** The display name as it is searched. */
  readonly displayNameKey: string;
  readonly passwordHash: string;
  readonly createdAt: number;
}

export interface AccountSecret extends OwnUser {
  readonly passwordHash: string;
}

export const ACCOUNT_REPOSITORY = Symbol('AccountRepository');

/** Accounts are found by userId, by normalised address and by the beginning of the display name. */
export interface AccountRepository {
  /** false: the address belongs to another account, and nothing was stored. roomsVersion starts at 0. */
  insert(account: NewAccount): Promise<boolean>;
  findByEmail(email: string): Promise<AccountSecret | null>;
  /** With what only they themselves may see. In no order; people who do not exist are left out. */
  findOwn(userIds: readonly UserId[]): Promise<readonly OwnUser[]>;
  /** In no order; people who do not exist are left out. */
  findUsers(userIds: readonly UserId[]): Promise<readonly User[]>;
  /** Those whose displayNameKey begins with `prefix`, by displayNameKey, then userId. */
  findByNamePrefix(prefix: string, limit: number): Promise<readonly User[]>;
  /** In no order; people who do not exist are left out. */
  findRoomsVersions(userIds: readonly UserId[]): Promise<readonly { userId: UserId; roomsVersion: number }[]>;
}

/** Every key that begins with `prefix` lies from it up to here, in the byte order that both databases compare by. */
export const endOfPrefix = (prefix: string): string => `${prefix}\u{10FFFF}`;
