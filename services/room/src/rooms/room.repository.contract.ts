import { uuidv7 } from '@parley/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repositories } from '../testing/repositories.ts';
import { newRoomId, sampleUsers, sampleRoom } from '../testing/samples.ts';

export function describeRoomRepository(name: string, makeRepositories: () => Promise<Repositories>): void {
  describe(`rooms in ${name}`, () => {
    let repositories: Repositories;

    beforeAll(async () => {
      repositories = await makeRepositories();
    });
    afterAll(() => repositories.close());

    test('stores a room with its first members and their new roomsVersion', async () => {
      const { rooms, memberships, accounts, announcements } = repositories;
      const userIds = await sampleUsers(repositories, 7);
      const [creatorId] = userIds;
      const room = { roomId: newRoomId(), name: 'Tea', creatorId, createdAt: 7 };
      expect(await rooms.insert({ ...room, memberIds: userIds })).toBe(true);

      expect(await rooms.find([room.roomId, newRoomId()])).toEqual([
        { ...room, firstMemberIds: userIds.slice(0, 5), initialMemberCount: 7, memberCount: 7 },
      ]);
      const places = await memberships.findByRoom(room.roomId, 0, 10);
      expect(places.map(({ userId }) => userId)).toEqual(userIds);
      expect(await memberships.findByUsers([creatorId])).toEqual([
        { userId: creatorId, roomId: room.roomId, readSeq: 0, readCount: 0, role: 'owner' },
      ]);
      const versions = await accounts.findRoomsVersions(userIds);
      expect(versions.map(({ roomsVersion }) => roomsVersion)).toEqual(userIds.map(() => 1));
      expect(await announcements.findByRoom(room.roomId, 10)).toEqual([]);
    });

    test('renames a room, with one name at a time waiting to be announced', async () => {
      const { rooms, announcements } = repositories;
      const [creatorId] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creatorId]);
      const rename = (name: string | null): Promise<string> =>
        rooms.rename({ roomId, name, userId: creatorId, entryId: uuidv7(), at: 1 });

      expect(await rename(null)).toBe('unchanged');
      expect(await rename('Tea')).toBe('renamed');
      const waiting = await announcements.findByRoom(roomId, 10);
      expect(waiting).toEqual([
        {
          changeNumber: 2,
          entryId: expect.any(String),
          event: 'room_renamed',
          userId: creatorId,
          data: { name: 'Tea' },
        },
      ]);
      expect([await rename('Tea'), await rename('Coffee')]).toEqual(['waiting', 'waiting']);
      expect(await rooms.find([roomId])).toMatchObject([{ name: 'Tea' }]);

      await announcements.finish(roomId, [{ changeNumber: 2, seq: 1, count: 0 }]);
      expect([await rename('Tea'), await rename(null)]).toEqual(['unchanged', 'renamed']);
      expect(await rooms.find([roomId])).toMatchObject([{ name: null }]);
      expect(await announcements.findByRoom(roomId, 10)).toMatchObject([{ changeNumber: 3, data: { name: null } }]);
    });

    test('stores one of several concurrent names', async () => {
      const { rooms, announcements } = repositories;
      const [creatorId] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creatorId]);
      const outcomes = await Promise.all(
        ['one', 'two', 'three', 'four'].map((name) =>
          rooms.rename({ roomId, name, userId: creatorId, entryId: uuidv7(), at: 1 }),
        ),
      );
      expect(outcomes.toSorted()).toEqual(['renamed', 'waiting', 'waiting', 'waiting']);
      const [room] = await rooms.find([roomId]);
      expect(await announcements.findByRoom(roomId, 10)).toMatchObject([{ data: { name: room?.name } }]);
    });

    test('stores one room per roomId under concurrent inserts', async () => {
      const { rooms, memberships, accounts } = repositories;
      const userIds = await sampleUsers(repositories, 8);
      const roomId = newRoomId();
      const inserted = await Promise.all(
        userIds.map((creatorId) =>
          rooms.insert({ roomId, name: null, creatorId, memberIds: [creatorId], createdAt: 1 }),
        ),
      );
      expect(inserted.filter(Boolean)).toHaveLength(1);
      const winner = userIds[inserted.indexOf(true)];
      expect(await rooms.find([roomId])).toMatchObject([
        { creatorId: winner, firstMemberIds: [winner], memberCount: 1 },
      ]);
      expect(await memberships.findByRoom(roomId, 0, 10)).toMatchObject([{ userId: winner }]);
      const changed = (await accounts.findRoomsVersions(userIds)).filter(({ roomsVersion }) => roomsVersion > 0);
      expect(changed).toEqual([{ userId: winner, roomsVersion: 1 }]);
    });

    test('keeps the epoch until the data is restored from a backup', async () => {
      const { rooms, restore } = repositories;
      const before = await rooms.findEpoch();
      expect(before).toMatch(/./);
      await sampleRoom(repositories, await sampleUsers(repositories));
      expect(await rooms.findEpoch()).toBe(before);
      await restore();
      expect(await rooms.findEpoch()).not.toBe(before);
    });
  });
}
