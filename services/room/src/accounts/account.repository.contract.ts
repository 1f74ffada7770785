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

    test('are found by userId and by address', async () => {
      const account = sampleAccount();
      expect(await accounts.insert(account)).toBe(true);
      const { userId, email, displayName, passwordHash } = account;
      expect(await accounts.findOwn([userId, newUserId()])).toEqual([{ userId, email, displayName }]);
      expect(await accounts.findByEmail(email)).toEqual({ userId, email, displayName, passwordHash });
      expect(await accounts.findUsers([userId, newUserId()])).toEqual([{ userId, displayName }]);
      expect(await accounts.findRoomsVersions([userId, newUserId()])).toEqual([{ userId, roomsVersion: 0 }]);
    });

    test('that do not exist are null', async () => {
      expect(await accounts.findByEmail('nobody@example.org')).toBeNull();
      expect(await accounts.findUsers([])).toEqual([]);
    });

    test('have an address of their own, also when many want the same at once', async () => {
      const rivals = Array.from({ length: 10 }, () => sampleAccount({ email: 'wanted@example.org' }));
      const inserted = await Promise.all(rivals.map((rival) => accounts.insert(rival)));
      expect(inserted.filter(Boolean)).toHaveLength(1);
      const winner = rivals[inserted.indexOf(true)];
      expect(await accounts.findByEmail('wanted@example.org')).toMatchObject({ userId: winner?.userId });
      const losers = rivals.filter((rival) => rival !== winner);
      expect(await accounts.findUsers(losers.map(({ userId }) => userId))).toEqual([]);
    });

    test('are found by the beginning of the name, in the order of names, up to the limit', async () => {
      const people = await Promise.all(
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
      expect(await accounts.findByNamePrefix(displayNameKey('yves'), 1)).toEqual([people[4]]);
    });

    test.each(['.*', '%', '_', '^Z', "' OR 1=1 --", '{"$gt":""}', '$where', '\\'])(
      'are not found by %s, which is a name like any other',
      async (prefix) => {
        expect(await accounts.findByNamePrefix(prefix, 20)).toEqual([]);
        expect(await accounts.findByEmail(prefix)).toBeNull();
        expect(await accounts.findOwn([prefix as UserId])).toEqual([]);
      },
    );
  });
}
