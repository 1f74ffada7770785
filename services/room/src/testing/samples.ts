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

/** As many people as there are to be, at least six, whose accounts are stored. */
type People = [UserId, UserId, UserId, UserId, UserId, UserId, ...UserId[]];

export async function samplePeople({ accounts }: Repositories, count = 6): Promise<People> {
  const person = async (index: number): Promise<UserId> => {
    const account = sampleAccount({ displayName: `Person ${index}` });
    await accounts.insert(account);
    return account.userId;
  };
  const others = Array.from({ length: count - 6 }, (_, index) => person(index + 6));
  return Promise.all([person(0), person(1), person(2), person(3), person(4), person(5), ...others]);
}

/** A stored room of these people, the first of whom made it. */
export async function sampleRoom(repositories: Repositories, memberIds: readonly UserId[]): Promise<RoomId> {
  const [creatorId] = memberIds;
  if (!creatorId) throw new Error('A room begins with its creator.');
  const roomId = newRoomId();
  await repositories.rooms.insert({ roomId, name: null, creatorId, memberIds, createdAt: 1 });
  return roomId;
}
