import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repositories } from '../testing/repositories.ts';
import { newUserId, sampleUsers, sampleRoom } from '../testing/samples.ts';

export function describeContactRepository(name: string, makeRepositories: () => Promise<Repositories>): void {
  describe(`contacts in ${name}`, () => {
    let repositories: Repositories;

    beforeAll(async () => {
      repositories = await makeRepositories();
    });
    afterAll(() => repositories.close());

    test('finds the users who share a room with a user, each once', async () => {
      const { contacts } = repositories;
      const [ada, ben, cleo, dan] = await sampleUsers(repositories);
      await sampleRoom(repositories, [ada, ben]);
      await sampleRoom(repositories, [ben, ada]);
      await sampleRoom(repositories, [ben, cleo]);
      const found = await contacts.find(ada, [ben, cleo, dan, ada, newUserId()]);
      expect(new Set(found.map(({ userId }) => userId))).toEqual(new Set([ben, ada]));
      expect(found).toHaveLength(2);
      expect(await contacts.find(dan, [ada, dan])).toEqual([]);
    });

    test('keeps the latest time at which a user was seen', async () => {
      const { contacts } = repositories;
      const [ada, ben, cleo] = await sampleUsers(repositories);
      await sampleRoom(repositories, [ada, ben, cleo]);
      await contacts.noteSeen([
        { userId: ben, at: 20 },
        { userId: newUserId(), at: 20 },
      ]);
      await contacts.noteSeen([{ userId: ben, at: 10 }]);
      await contacts.noteSeen([]);
      const found = await contacts.find(ada, [ben, cleo]);
      expect(new Map(found.map(({ userId, lastSeenAt }) => [userId, lastSeenAt]))).toEqual(
        new Map([
          [ben, 20],
          [cleo, null],
        ]),
      );
    });

    test('finds the rooms of users that have at most the given number of members', async () => {
      const { contacts } = repositories;
      const [ada, ben, cleo] = await sampleUsers(repositories);
      const small = await sampleRoom(repositories, [ada, ben]);
      await sampleRoom(repositories, [ada, ben, cleo]);
      const own = await sampleRoom(repositories, [ben]);
      const found = await contacts.findRooms([ada, ben, newUserId()], 2);
      expect(new Set(found.map(({ userId, roomId }) => `${userId} ${roomId}`))).toEqual(
        new Set([`${ada} ${small}`, `${ben} ${small}`, `${ben} ${own}`]),
      );
      expect(found).toHaveLength(3);
    });
  });
}
