import { uuidv7 } from '@parley/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repositories } from '../testing/repositories.ts';
import { newUserId, sampleUsers, sampleRoom } from '../testing/samples.ts';

export function describeReadPositionRepository(name: string, makeRepositories: () => Promise<Repositories>): void {
  describe(`read positions in ${name}`, () => {
    let repositories: Repositories;

    beforeAll(async () => {
      repositories = await makeRepositories();
    });
    afterAll(() => repositories.close());

    test('moves positions of members forward only', async () => {
      const { readPositions } = repositories;
      const [ada, ben] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [ada, ben]);
      const stranger = { roomId, userId: newUserId() };
      await readPositions.advance([
        { roomId, userId: ada, readSeq: 5, readCount: 4 },
        { ...stranger, readSeq: 5, readCount: 4 },
      ]);
      await readPositions.advance([
        { roomId, userId: ada, readSeq: 4, readCount: 3 },
        { roomId, userId: ben, readSeq: 2, readCount: 2 },
      ]);
      const found = await readPositions.find([{ roomId, userId: ben }, { roomId, userId: ada }, stranger]);
      expect(found).toHaveLength(2);
      expect(found).toEqual(
        expect.arrayContaining([
          { roomId, userId: ada, readSeq: 5, readCount: 4 },
          { roomId, userId: ben, readSeq: 2, readCount: 2 },
        ]),
      );
    });

    test('leaves a position null until the join is announced', async () => {
      const { readPositions, memberships, announcements } = repositories;
      const [ada, ben] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [ada]);
      await memberships.join({ roomId, newMembers: [{ userId: ben, entryId: uuidv7() }], at: 1 });
      const place = async () => (await readPositions.find([{ roomId, userId: ben }]))[0];
      expect(await place()).toMatchObject({ readSeq: null, readCount: null });
      await readPositions.advance([{ roomId, userId: ben, readSeq: 3, readCount: 3 }]);
      expect(await place()).toMatchObject({ readSeq: 3, readCount: 3 });
      await announcements.finish(roomId, [{ changeNumber: 2, seq: 7, count: 6 }]);
      expect(await place()).toMatchObject({ readSeq: 7, readCount: 6 });
    });

    test('keeps the later position of a member who wrote before the join is announced', async () => {
      const { memberships, readPositions, announcements } = repositories;
      const [ada, ben] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [ada]);
      await memberships.join({ roomId, newMembers: [{ userId: ben, entryId: uuidv7() }], at: 1 });
      await readPositions.advance([{ roomId, userId: ben, readSeq: 8, readCount: 7 }]);
      await announcements.finish(roomId, [{ changeNumber: 2, seq: 7, count: 6 }]);
      expect(await readPositions.find([{ roomId, userId: ben }])).toMatchObject([{ readSeq: 8, readCount: 7 }]);
    });

    test('counts and finds the members who have read up to a seq', async () => {
      const { readPositions } = repositories;
      const userIds = await sampleUsers(repositories);
      const [ada, ben, cleo] = userIds;
      const roomId = await sampleRoom(repositories, userIds);
      await readPositions.advance([
        { roomId, userId: ada, readSeq: 9, readCount: 9 },
        { roomId, userId: ben, readSeq: 5, readCount: 5 },
        { roomId, userId: cleo, readSeq: 4, readCount: 4 },
      ]);
      expect(await readPositions.countReaders(roomId, 5, null)).toBe(2);
      expect(await readPositions.findReaders(roomId, 5, null, 50)).toEqual([ben, ada]);
      expect(await readPositions.countReaders(roomId, 4, ada)).toBe(2);
      expect(await readPositions.findReaders(roomId, 4, ada, 50)).toEqual([cleo, ben]);
      expect(await readPositions.findReaders(roomId, 4, ada, 1)).toEqual([cleo]);
      expect(await readPositions.countReaders(roomId, 10, null)).toBe(0);
    });
  });
}
