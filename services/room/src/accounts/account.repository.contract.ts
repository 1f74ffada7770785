import type { UserId } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repositories } from '../testing/repositories.ts';
import { newUserId, sampleAccount } from '../testing/samples.ts';
import { displayNameKey } from './account.rules.ts';
import type { AccountRepository } from './account.repository.ts';

export function describeAccountRepository(name: string, makeRepositories: () => Promise<Repositories>): void {
  describe(`accounts in ${name}`, () => {
    let repositories: Repositories;
    let accounts: AccountRepository;

    beforeAll(async () => {
      repositories = await makeRepositories();
      accounts = repositories.accounts;
    });
    afterAll(() => repositories.close());

    test('finds accounts by userId and by address', async () => {
      const account = sampleAccount();
      expect(await accounts.insert(account)).toBe(true);
      const { userId, email, displayName, passwordHash } = account;
      expect(await accounts.findOwn([userId, newUserId()])).toEqual([{ userId, email, displayName }]);
      expect(await accounts.findByEmail(email)).toEqual({ userId, email, displayName, passwordHash });
      expect(await accounts.findUsers([userId, newUserId()])).toEqual([{ userId, displayName }]);
      expect(await accounts.findRoomsVersions([userId, newUserId()])).toEqual([{ userId, roomsVersion: 0 }]);
    });

    test('returns null for an unknown address', async () => {
      expect(await accounts.findByEmail('nobody@example.org')).toBeNull();
      expect(await accounts.findUsers([])).toEqual([]);
    });

    test('stores one account per address under concurrent inserts', async () => {
      const accountsToInsert = Array.from({ length: 10 }, () => sampleAccount({ email: 'wanted@example.org' }));
      const inserted = await Promise.all(accountsToInsert.map((account) => accounts.insert(account)));
      expect(inserted.filter(Boolean)).toHaveLength(1);
      const winner = accountsToInsert[inserted.indexOf(true)];
      expect(await accounts.findByEmail('wanted@example.org')).toMatchObject({ userId: winner?.userId });
      const losers = accountsToInsert.filter((account) => account !== winner);
      expect(await accounts.findUsers(losers.map(({ userId }) => userId))).toEqual([]);
    });

    test('finds accounts by prefix of the name, ordered by name, up to the limit', async () => {
      const users = await Promise.all(
        ['Zoë Adams', 'Zoë', 'Zoëtrope', 'Zod', 'Yves', 'Zoë 🦊', 'Żoë'].map(async (displayName) => {
          const account = sampleAccount({ displayName });
          await accounts.insert(account);
          return { userId: account.userId, displayName };
        }),
      );
      const find = async (prefix: string, limit = 20): Promise<string[]> =>
        (await accounts.findByNamePrefix(displayNameKey(prefix), limit)).map(({ displayName }) => displayName);

      expect(await find('zoë')).toEqual(['Zoë', 'Zoë Adams', 'Zoë 🦊', 'Zoëtrope']);
      expect(await find('ZOË', 2)).toEqual(['Zoë', 'Zoë Adams']);
      expect(await find('zo')).toEqual(['Zod', 'Zoë', 'Zoë Adams', 'Zoë 🦊', 'Zoëtrope']);
      expect(await accounts.findByNamePrefix(displayNameKey('yves'), 1)).toEqual([users[4]]);
    });

    test.each(['.*', '%', '_', '^Z', "' OR 1=1 --", '{"$gt":""}', '$where', '\\'])(
      'treats the query %s as plain text',
      async (prefix) => {
        expect(await accounts.findByNamePrefix(prefix, 20)).toEqual([]);
        expect(await accounts.findByEmail(prefix)).toBeNull();
        expect(await accounts.findOwn([prefix as UserId])).toEqual([]);
      },
    );
  });
}
