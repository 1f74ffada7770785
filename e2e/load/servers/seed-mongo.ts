import mongoose from 'mongoose';
import { roomsOf, SESSION_MS, type SeededPeople } from './population.ts';

const FIRST_MEMBERS = 5;
const DOCUMENTS_AT_A_TIME = 10_000;

/** Puts people, sessions and rooms straight into Parley's database. */
export async function seedMongo(url: string, people: SeededPeople): Promise<void> {
  const client = await mongoose.mongo.MongoClient.connect(url);
  try {
    const insert = async (collection: string, documents: readonly object[]): Promise<void> => {
      for (let start = 0; start < documents.length; start += DOCUMENTS_AT_A_TIME) {
        await client
          .db()
          .collection(collection)
          .insertMany(documents.slice(start, start + DOCUMENTS_AT_A_TIME));
      }
    };
    await insert('users', storedUsers(people));
    await insert('sessions', storedSessions(people));
    await insert('rooms', storedRooms(people));
    await insert('memberships', storedMemberships(people));
  } finally {
    await client.close();
  }
}

function storedUsers(people: SeededPeople): object[] {
  const rooms = roomsOf(people);
  return people.users.map(({ userId, displayName }) => ({
    userId,
    email: `${userId}@bench.example`,
    displayName,
    displayNameKey: displayName.toLowerCase(),
    passwordHash: '',
    roomsVersion: rooms.get(userId) ?? 0,
    createdAt: Date.now(),
  }));
}

function storedSessions({ users }: SeededPeople): object[] {
  const now = Date.now();
  return users.map(({ userId, sessionId }) => ({ sessionId, userId, renewedAt: now, expiresAt: now + SESSION_MS }));
}

function storedRooms({ rooms }: SeededPeople): object[] {
  return rooms.map(({ roomId, name, members }) => ({
    roomId,
    name,
    creatorId: members[0]?.userId,
    firstMemberIds: members.slice(0, FIRST_MEMBERS).map(({ userId }) => userId),
    initialMemberCount: members.length,
    memberCount: members.length,
    changeCount: members.length,
    createdAt: Date.now(),
  }));
}

function storedMemberships({ rooms }: SeededPeople): object[] {
  return rooms.flatMap(({ roomId, members }) =>
    members.map(({ userId }, index) => ({ roomId, userId, joinOrder: index + 1, readSeq: 0, readCount: 0 })),
  );
}
