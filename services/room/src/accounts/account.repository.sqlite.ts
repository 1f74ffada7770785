import { Inject, Injectable } from '@nestjs/common';
import { SQLITE_DATABASE, SqliteConstraintError, type SqliteDatabase } from '@parley/platform';
import type { OwnUser, User, UserId } from '@parley/protocol';
import { type AccountRepository, endOfPrefix, type AccountSecret, type NewAccount } from './account.repository.ts';

@Injectable()
export class SqliteAccountRepository implements AccountRepository {
  readonly #database: SqliteDatabase;

  constructor(@Inject(SQLITE_DATABASE) database: SqliteDatabase) {
    this.#database = database;
  }

  async insert(account: NewAccount): Promise<boolean> {
    const { userId, email, displayName, displayNameKey, passwordHash, createdAt } = account;
    try {
      await this.#database.write([
        {
          sql: `INSERT INTO users (user_id, email, display_name, display_name_key, password_hash, rooms_version, created_at)
                VALUES (:userId, :email, :displayName, :displayNameKey, :passwordHash, 0, :createdAt)`,
          params: { userId, email, displayName, displayNameKey, passwordHash, createdAt },
        },
      ]);
      return true;
    } catch (error) {
      if (error instanceof SqliteConstraintError) return false;
      throw error;
    }
  }

  async findByEmail(email: string): Promise<AccountSecret | null> {
    const [account] = await this.#database.read<AccountSecret>(
      `SELECT user_id AS userId, display_name AS displayName, email, password_hash AS passwordHash
       FROM users WHERE email = ?`,
      [email],
    );
    return account ?? null;
  }

  findOwn(userIds: readonly UserId[]): Promise<readonly OwnUser[]> {
    return this.#database.read<OwnUser>(
      `SELECT user_id AS userId, display_name AS displayName, email
       FROM users WHERE user_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(userIds)],
    );
  }

  findUsers(userIds: readonly UserId[]): Promise<readonly User[]> {
    return this.#database.read<User>(
      `SELECT user_id AS userId, display_name AS displayName
       FROM users WHERE user_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(userIds)],
    );
  }

  findByNamePrefix(prefix: string, limit: number): Promise<readonly User[]> {
    return this.#database.read<User>(
      `SELECT user_id AS userId, display_name AS displayName
       FROM users WHERE display_name_key >= ? AND display_name_key < ?
       ORDER BY display_name_key, user_id LIMIT ?`,
      [prefix, endOfPrefix(prefix), limit],
    );
  }

  findRoomsVersions(userIds: readonly UserId[]): Promise<readonly { userId: UserId; roomsVersion: number }[]> {
    return this.#database.read<{ userId: UserId; roomsVersion: number }>(
      `SELECT user_id AS userId, rooms_version AS roomsVersion
       FROM users WHERE user_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(userIds)],
    );
  }
}
