import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { roomsOf, SESSION_MS, type SeededPeople } from './population.ts';

const FIRST_MEMBERS = 5;

/** Puts people, sessions and rooms straight into the data folder of a running Parley, in one transaction. */
export function seedSqlite(dataDir: string, people: SeededPeople): void {
  const database = new DatabaseSync(join(dataDir, 'parley.sqlite'), { timeout: 10_000 });
  try {
    database.exec('BEGIN IMMEDIATE');
    insertUsers(database, people);
    insertRooms(database, people);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

function insertUsers(database: DatabaseSync, people: SeededPeople): void {
  const now = Date.now();
  const rooms = roomsOf(people);
  const insertUser = database.prepare(
    `INSERT INTO users (user_id, email, display_name, display_name_key, password_hash, rooms_version, created_at)
     VALUES (?, ?, ?, ?, '', ?, ?)`,
  );
  const insertSession = database.prepare(
    'INSERT INTO sessions (session_id, user_id, renewed_at, expires_at) VALUES (?, ?, ?, ?)',
  );
  for (const { userId, displayName, sessionId } of people.users) {
    const email = `${userId}@bench.example`;
    insertUser.run(userId, email, displayName, displayName.toLowerCase(), rooms.get(userId) ?? 0, now);
    insertSession.run(sessionId, userId, now, now + SESSION_MS);
  }
}

function insertRooms(database: DatabaseSync, { rooms }: SeededPeople): void {
  const insertRoom = database.prepare(
    `INSERT INTO rooms (room_id, name, creator_id, first_member_ids, initial_member_count, member_count, change_count,
                        created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertMembership = database.prepare(
    'INSERT INTO memberships (room_id, user_id, join_order, read_seq, read_count) VALUES (?, ?, ?, 0, 0)',
  );
  for (const { roomId, name, members } of rooms) {
    const first = JSON.stringify(members.slice(0, FIRST_MEMBERS).map(({ userId }) => userId));
    const { length } = members;
    insertRoom.run(roomId, name, members[0]?.userId ?? '', first, length, length, length, Date.now());
    for (const [index, { userId }] of members.entries()) insertMembership.run(roomId, userId, index + 1);
  }
}
