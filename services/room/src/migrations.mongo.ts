import type { MongoMigration } from '@parley/platform';
import type { mongo } from 'mongoose';

/** Makes the creator of each room its owner, or the member who joined first when the creator has left. */
async function appointOwners(db: mongo.Db): Promise<void> {
  const memberships = db.collection('memberships');
  const rooms = db.collection('rooms').find({}, { projection: { roomId: 1, creatorId: 1, firstMemberIds: 1 } });
  for await (const { roomId, creatorId, firstMemberIds } of rooms) {
    if (await memberships.findOne({ roomId, role: 'owner' })) continue;
    const owner = { $set: { role: 'owner' } };
    const { matchedCount } = await memberships.updateOne({ roomId, userId: creatorId as string }, owner);
    const [firstId] = firstMemberIds as string[];
    if (matchedCount === 0 && firstId !== undefined) await memberships.updateOne({ roomId, userId: firstId }, owner);
  }
}

/** The comment above each index names the queries that use it. */
export const mongoMigrations: readonly MongoMigration[] = [
  {
    version: 1,
    async up(db) {
      await db.collection('users').createIndexes([
        // find, findUsers, findRoomsVersions, and the message service for the names of authors.
        { key: { userId: 1 }, name: 'user', unique: true },
        // findByEmail; one account per address.
        { key: { email: 1 }, name: 'email', unique: true },
        // findByNamePrefix, with its order.
        { key: { displayNameKey: 1, userId: 1 }, name: 'name' },
      ]);
      await db.collection('sessions').createIndexes([
        // find, renew, remove, findValid.
        { key: { sessionId: 1 }, name: 'session', unique: true },
        // removeExpired.
        { key: { expiresAt: 1 }, name: 'expiry' },
      ]);
      await db.collection('rooms').createIndexes([
        // find and every change of membership; one room per roomId.
        { key: { roomId: 1 }, name: 'room', unique: true },
      ]);
      await db.collection('memberships').createIndexes([
        // isMember, join, leave, and the message service's membership checks; one membership per user and room.
        { key: { roomId: 1, userId: 1 }, name: 'room_user', unique: true },
        // findByRoom and the first five members, in join order; finish, which finds a join by its number.
        { key: { roomId: 1, joinOrder: 1 }, name: 'room_join_order', unique: true },
        // findByUsers: all rooms of a user in one query.
        { key: { userId: 1 }, name: 'user' },
      ]);
      await db.collection('membership_announcements').createIndexes([
        // findByRoom, isLeavePending and finish.
        { key: { roomId: 1, changeNumber: 1 }, name: 'room_change', unique: true },
        // findOverdueRooms.
        { key: { madeAt: 1 }, name: 'made' },
      ]);
      await db.collection('invitations').createIndexes([
        // find.
        { key: { tokenDigest: 1 }, name: 'token', unique: true },
        // removeExpired.
        { key: { expiresAt: 1 }, name: 'expiry' },
      ]);
    },
  },
  {
    version: 2,
    async up(db) {
      // countReaders and findReaders.
      await db.collection('memberships').createIndex({ roomId: 1, readSeq: 1 }, { name: 'room_read' });
      // Open invitations of a room.
      await db.collection('invitations').createIndex({ roomId: 1, expiresAt: 1 }, { name: 'room_expiry' });
      await appointOwners(db);
    },
  },
  {
    version: 3,
    async up(db) {
      // findByUsers, and contacts: whether a user is in one of several rooms. Replaces the index by user alone.
      const memberships = db.collection('memberships');
      await memberships.createIndex({ userId: 1, roomId: 1 }, { name: 'user_room' });
      if (await memberships.indexExists('user')) await memberships.dropIndex('user');
    },
  },
];
