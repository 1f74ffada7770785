import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repositories } from '../testing/repositories.ts';
import { newRoomId, samplePeople } from '../testing/samples.ts';

export function describeRoomRepository(name: string, makeRepositories: () => Promise<Repositories>): void {
  describe(`rooms in ${name}`, () => {
    let repositories: Repositories;

    beforeAll(async () => {
      repositories = await makeRepositories();
    });
    afterAll(() => repositories.close());

    test('are stored with their first members, whose rooms have changed', async () => {
      const { rooms, memberships, accounts, announcements } = repositories;
      const people = await samplePeople(repositories, 7);
      const [creatorId] = people;
      const room = { roomId: newRoomId(), name: 'Tea', creatorId, createdAt: 7 };
      expect(await rooms.insert({ ...room, memberIds: people })).toBe(true);

      expect(await rooms.find([room.roomId, newRoomId()])).toEqual([
        { ...room, firstMemberIds: people.slice(0, 5), initialMemberCount: 7, memberCount: 7 },
      ]);
      const places = await memberships.findByRoom(room.roomId, 0, 10);
      expect(places.map(({ userId }) => userId)).toEqual(people);
      expect(await memberships.findByUser(creatorId)).toEqual([{ roomId: room.roomId, readSeq: 0, readCount: 0 }]);
      const versions = await accounts.findRoomsVersions(people);
      expect(versions.map(({ roomsVersion }) => roomsVersion)).toEqual(people.map(() => 1));
      expect(await announcements.findByRoom(room.roomId, 10)).toEqual([]);
    });

    test('have a roomId of their own, also when many want the same at once', async () => {
      const { rooms, memberships, accounts } = repositories;
      const people = await samplePeople(repositories, 8);
      const roomId = newRoomId();
      const inserted = await Promise.all(
        people.map((creatorId) =>
          rooms.insert({ roomId, name: null, creatorId, memberIds: [creatorId], createdAt: 1 }),
        ),
      );
      expect(inserted.filter(Boolean)).toHaveLength(1);
      const winner = people[inserted.indexOf(true)];
      expect(await rooms.find([roomId])).toMatchObject([
        { creatorId: winner, firstMemberIds: [winner], memberCount: 1 },
      ]);
      expect(await memberships.findByRoom(roomId, 0, 10)).toMatchObject([{ userId: winner }]);
      const changed = (await accounts.findRoomsVersions(people)).filter(({ roomsVersion }) => roomsVersion > 0);
      expect(changed).toEqual([{ userId: winner, roomsVersion: 1 }]);
    });
  });
}
