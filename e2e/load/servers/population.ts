import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Population } from './server-under-test.ts';

/** A user who is already signed in. */
export interface SeededUser {
  readonly userId: string;
  readonly displayName: string;
  /** The value of the session cookie. */
  readonly token: string;
  /** The stored digest of the token. */
  readonly sessionId: string;
}

export interface SeededRoom {
  readonly roomId: string;
  readonly name: string;
  readonly members: readonly SeededUser[];
}

export interface SeededPeople {
  readonly users: readonly SeededUser[];
  readonly rooms: readonly SeededRoom[];
}

export const SESSION_MS = 30 * 86_400_000;

export function makeUser(index: number): SeededUser {
  const token = randomBytes(32).toString('base64url');
  const sessionId = createHash('sha256').update(token).digest('hex');
  return { userId: randomUUID(), displayName: `Member ${index}`, token, sessionId };
}

export const makeRoom = (index: number, members: readonly SeededUser[]): SeededRoom => ({
  roomId: randomUUID(),
  name: `Room ${index}`,
  members,
});

/** `rooms` groups of so many people; each group has `roomsEach` rooms to itself, which come one after another. */
export function groupsWithRooms({ rooms: groups, members, roomsEach = 1 }: Population): SeededPeople {
  const users = Array.from({ length: groups * members }, (_, index) => makeUser(index));
  const rooms = Array.from({ length: groups * roomsEach }, (_, index) => {
    const group = Math.floor(index / roomsEach);
    return makeRoom(index, users.slice(group * members, (group + 1) * members));
  });
  return { users, rooms };
}

/** How many rooms each person is in. */
export function roomsOf({ rooms }: SeededPeople): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { members } of rooms) for (const { userId } of members) counts.set(userId, (counts.get(userId) ?? 0) + 1);
  return counts;
}
