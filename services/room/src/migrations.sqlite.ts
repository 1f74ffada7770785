import type { SqliteMigration } from '@parley/platform';

/** The comment above each index names the queries that use it. */
export const sqliteMigrations: readonly SqliteMigration[] = [
  {
    version: 1,
    statements: [
      `CREATE TABLE users (
         user_id TEXT PRIMARY KEY,
         email TEXT NOT NULL UNIQUE,
         display_name TEXT NOT NULL,
         display_name_key TEXT NOT NULL,
         password_hash TEXT NOT NULL,
         rooms_version INTEGER NOT NULL,
         created_at INTEGER NOT NULL
       ) STRICT`,
      // findByNamePrefix, with its order.
      'CREATE INDEX users_name ON users (display_name_key, user_id)',

      `CREATE TABLE sessions (
         session_id TEXT PRIMARY KEY,
         user_id TEXT NOT NULL,
         renewed_at INTEGER NOT NULL,
         expires_at INTEGER NOT NULL
       ) STRICT`,
      // removeExpired.
      'CREATE INDEX sessions_expiry ON sessions (expires_at)',

      `CREATE TABLE rooms (
         room_id TEXT PRIMARY KEY,
         name TEXT,
         creator_id TEXT NOT NULL,
         first_member_ids TEXT NOT NULL,
         initial_member_count INTEGER NOT NULL,
         member_count INTEGER NOT NULL,
         change_count INTEGER NOT NULL,
         created_at INTEGER NOT NULL
       ) STRICT`,

      `CREATE TABLE memberships (
         room_id TEXT NOT NULL,
         user_id TEXT NOT NULL,
         join_order INTEGER NOT NULL,
         read_seq INTEGER,
         read_count INTEGER,
         PRIMARY KEY (room_id, user_id)
       ) STRICT`,
      // findByRoom and the first five members, in join order; finish, which finds a join by its number.
      'CREATE UNIQUE INDEX memberships_join_order ON memberships (room_id, join_order)',
      // findByUsers: all rooms of a user in one query.
      'CREATE INDEX memberships_user ON memberships (user_id)',

      `CREATE TABLE membership_announcements (
         room_id TEXT NOT NULL,
         change_number INTEGER NOT NULL,
         entry_id TEXT NOT NULL,
         event TEXT NOT NULL,
         user_id TEXT NOT NULL,
         made_at INTEGER NOT NULL,
         PRIMARY KEY (room_id, change_number)
       ) STRICT`,
      // findOverdueRooms.
      'CREATE INDEX membership_announcements_made ON membership_announcements (made_at)',

      `CREATE TABLE invitations (
         token_digest TEXT PRIMARY KEY,
         room_id TEXT NOT NULL,
         creator_id TEXT NOT NULL,
         expires_at INTEGER NOT NULL
       ) STRICT`,
      // removeExpired.
      'CREATE INDEX invitations_expiry ON invitations (expires_at)',
    ],
  },
  {
    version: 2,
    statements: [
      `ALTER TABLE memberships ADD COLUMN role TEXT NOT NULL DEFAULT 'member'`,
      // The creator of each room becomes its owner, or the member who joined first when the creator has left.
      `UPDATE memberships SET role = 'owner' FROM rooms
       WHERE rooms.room_id = memberships.room_id AND memberships.user_id = coalesce(
         (SELECT user_id FROM memberships AS own WHERE own.room_id = rooms.room_id AND own.user_id = creator_id),
         (SELECT user_id FROM memberships AS first WHERE first.room_id = rooms.room_id ORDER BY join_order LIMIT 1))`,
      // countReaders and findReaders.
      'CREATE INDEX memberships_read ON memberships (room_id, read_seq)',
      `ALTER TABLE membership_announcements ADD COLUMN data TEXT NOT NULL DEFAULT '{}'`,
      // Open invitations of a room.
      'CREATE INDEX invitations_room ON invitations (room_id, expires_at)',
    ],
  },
  {
    version: 3,
    statements: [
      'ALTER TABLE users ADD COLUMN last_seen_at INTEGER',
      // findByUsers, and contacts: whether a user is in one of several rooms.
      'CREATE INDEX memberships_user_room ON memberships (user_id, room_id)',
      'DROP INDEX memberships_user',
    ],
  },
];
