import { randomUUID } from 'node:crypto';
import type { RoomId, UserId } from '@parley/protocol';
import type { NewAccount } from '../accounts/account.repository.ts';
import { displayNameKey } from '../accounts/account.rules.ts';
import type { Repositories } from './repositories.ts';

export const newUserId = (): UserId => randomUUID() as UserId;
export const newRoomId = (): RoomId => randomUUID() as RoomId;

export function sampleAccount(overrides: Partial<NewAccount> = {}): NewAccount {
  const userId = overrides.userId ?? newUserId();
  const displayName = overrides.displayName ?? 'Ada Lovelace';
  return {
    userId,
    email: `${userId}@example.org`,
    displayName,
    displayNameKey: displayNameKey(displayName),
    passwordHash: 'hash',
    createdAt: 1,
    ...overrides,
  };
}

/** At least six users. */
type SampleUsers = [UserId, UserId, UserId, UserId, UserId, UserId, ...UserId[]];

/** Stores accounts and returns their ids. */
export async function sampleUsers({ accounts }: Repositories, count = 6): Promise<SampleUsers> {
  const insertUser = async (index: number): Promise<UserId> => {
    const account = sampleAccount({ displayName: `User ${index}` });
    await accounts.insert(account);
    return account.userId;
  };
  const others = Array.from({ length: count - 6 }, (_, index) => insertUser(index + 6));
  return Promise.all([
    insertUser(0),
    insertUser(1),
    insertUser(2),
    insertUser(3),
    insertUser(4),
    insertUser(5),
    ...others,
  ]);
}

/** Stores a room with these members, created by the first. */
export async function sampleRoom(repositories: Repositories, memberIds: readonly UserId[]): Promise<RoomId> {
  const [creatorId] = memberIds;
  if (!creatorId) throw new Error('A room needs a creator.');
  const roomId = newRoomId();
  await repositories.rooms.insert({ roomId, name: null, creatorId, memberIds, createdAt: 1 });
  return roomId;
}
