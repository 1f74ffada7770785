import { Inject, Injectable } from '@nestjs/common';
import { SQLITE_DATABASE, SqliteExpectationError, type SqliteDatabase, type Statement } from '@parley/platform';
import { LIMITS, type MemberRole, type RoomId, type UserId } from '@parley/protocol';
import type {
  MembershipRemoval,
  MembershipRepository,
  NewMember,
  RoomMember,
  UserMembership,
} from './membership.repository.ts';

// A transaction is a fixed list of statements that cannot use results of earlier ones. So the announcements are inserted
// first, and the other statements select the announcements with these entryIds.
const ANNOUNCED = `membership_announcements
  WHERE room_id = :roomId AND entry_id IN (SELECT value FROM json_each(:entryIds))`;

/** The member who joined first, when the room has no owner. */
const NEW_OWNER = `(
  SELECT first.user_id FROM memberships AS first
  WHERE first.room_id = :roomId AND NOT EXISTS (
    SELECT 1 FROM memberships AS owner WHERE owner.room_id = :roomId AND owner.role = 'owner')
  ORDER BY first.join_order LIMIT 1)`;

@Injectable()
export class SqliteMembershipRepository implements MembershipRepository {
  readonly #database: SqliteDatabase;

  constructor(@Inject(SQLITE_DATABASE) database: SqliteDatabase) {
    this.#database = database;
  }

  async join(request: { roomId: RoomId; newMembers: readonly NewMember[]; at: number }): Promise<void> {
    const { roomId, newMembers, at } = request;
    const announced = { roomId, entryIds: JSON.stringify(newMembers.map(({ entryId }) => entryId)) };
    await this.#database.write([
      {
        sql: `INSERT INTO membership_announcements (room_id, change_number, entry_id, event, user_id, made_at)
              SELECT rooms.room_id, change_count + row_number() OVER (ORDER BY member.key),
                     member.value ->> 'entryId', 'member_joined', member.value ->> 'userId', :at
              FROM rooms, json_each(:newMembers) AS member
              WHERE rooms.room_id = :roomId AND NOT EXISTS (
                SELECT 1 FROM memberships AS present
                WHERE present.room_id = rooms.room_id AND present.user_id = member.value ->> 'userId')`,
        params: { roomId, newMembers: JSON.stringify(newMembers), at },
      },
      {
        sql: `INSERT INTO memberships (room_id, user_id, join_order)
              SELECT room_id, user_id, change_number FROM ${ANNOUNCED}`,
        params: announced,
      },
      {
        sql: `UPDATE rooms SET member_count = member_count + (SELECT count(*) FROM ${ANNOUNCED})
              WHERE room_id = :roomId`,
        params: announced,
      },
      ...updateRoomAndVersions(announced),
    ]);
  }

  async leave({ roomId, userId, entryId, at, removedBy }: MembershipRemoval): Promise<boolean> {
    try {
      await this.#database.write([
        {
          sql: 'DELETE FROM memberships WHERE room_id = ? AND user_id = ?',
          params: [roomId, userId],
          expectChanges: 1,
        },
        {
          // json_patch removes fields that are null.
          sql: `INSERT INTO membership_announcements (room_id, change_number, entry_id, event, user_id, made_at, data)
                SELECT room_id, change_count + 1, :entryId, 'member_left', :userId, :at,
                       json_patch('{}', json_object('removedBy', :removedBy, 'newOwnerId', ${NEW_OWNER}))
                FROM rooms WHERE room_id = :roomId`,
          params: { roomId, userId, entryId, at, removedBy: removedBy ?? null },
        },
        {
          sql: `UPDATE memberships SET role = 'owner' WHERE room_id = :roomId AND user_id = ${NEW_OWNER}`,
          params: { roomId },
        },
        { sql: 'UPDATE rooms SET member_count = member_count - 1 WHERE room_id = ?', params: [roomId] },
        ...updateRoomAndVersions({ roomId, entryIds: JSON.stringify([entryId]) }),
      ]);
      return true;
    } catch (error) {
      if (error instanceof SqliteExpectationError) return false;
      throw error;
    }
  }

  async isMember(roomId: RoomId, userId: UserId): Promise<boolean> {
    const found = await this.#database.read('SELECT 1 FROM memberships WHERE room_id = ? AND user_id = ?', [
      roomId,
      userId,
    ]);
    return found.length > 0;
  }

  async findRole(roomId: RoomId, userId: UserId): Promise<MemberRole | null> {
    const [found] = await this.#database.read<{ role: MemberRole }>(
      'SELECT role FROM memberships WHERE room_id = ? AND user_id = ?',
      [roomId, userId],
    );
    return found?.role ?? null;
  }

  findByUsers(userIds: readonly UserId[]): Promise<readonly UserMembership[]> {
    return this.#database.read<UserMembership>(
      `SELECT user_id AS userId, room_id AS roomId, read_seq AS readSeq, read_count AS readCount, role
       FROM memberships WHERE user_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(userIds)],
    );
  }

  findByRoom(roomId: RoomId, after: number, limit: number): Promise<readonly RoomMember[]> {
    return this.#database.read<RoomMember>(
      `SELECT user_id AS userId, join_order AS joinOrder, role, read_seq AS readSeq FROM memberships
       WHERE room_id = ? AND join_order > ? ORDER BY join_order LIMIT ?`,
      [roomId, after, limit],
    );
  }
}

/** Updates the room's change count and first members, and the roomsVersion of the changed users. */
const updateRoomAndVersions = (announced: { roomId: RoomId; entryIds: string }): readonly Statement[] => [
  {
    sql: `UPDATE rooms SET
            change_count = change_count + (SELECT count(*) FROM ${ANNOUNCED}),
            first_member_ids = (
              SELECT json_group_array(user_id ORDER BY join_order) FROM (
                SELECT user_id, join_order FROM memberships
                WHERE room_id = :roomId ORDER BY join_order LIMIT ${LIMITS.membersInRoom}))
          WHERE room_id = :roomId`,
    params: announced,
  },
  {
    sql: `UPDATE users SET rooms_version = rooms_version + 1 WHERE user_id IN (SELECT user_id FROM ${ANNOUNCED})`,
    params: announced,
  },
];
