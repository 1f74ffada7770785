import { uuidv7 } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repositories } from '../testing/repositories.ts';
import { sampleUsers, sampleRoom } from '../testing/samples.ts';

export function describeAnnouncementRepository(name: string, makeRepositories: () => Promise<Repositories>): void {
  describe(`announcements in ${name}`, () => {
    let repositories: Repositories;

    beforeAll(async () => {
      repositories = await makeRepositories();
    });
    afterAll(() => repositories.close());

    const join = (roomId: RoomId, userId: UserId, at = 1): Promise<void> =>
      repositories.memberships.join({ roomId, newMembers: [{ userId, entryId: uuidv7() }], at });
    const leave = (roomId: RoomId, userId: UserId): Promise<boolean> =>
      repositories.memberships.leave({ roomId, userId, entryId: uuidv7(), at: 1 });

    test('finds the announcements of a room in the order of the changes, up to the limit', async () => {
      const [creator, ben] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creator]);
      await join(roomId, ben);
      await leave(roomId, ben);
      await join(roomId, ben);
      const found = await repositories.announcements.findByRoom(roomId, 10);
      expect(found).toEqual([
        { changeNumber: 2, event: 'member_joined', userId: ben, data: {}, entryId: expect.any(String) },
        { changeNumber: 3, event: 'member_left', userId: ben, data: {}, entryId: expect.any(String) },
        { changeNumber: 4, event: 'member_joined', userId: ben, data: {}, entryId: expect.any(String) },
      ]);
      expect(await repositories.announcements.findByRoom(roomId, 2)).toEqual(found.slice(0, 2));
    });

    test('finds whether a leave of a user waits to be announced', async () => {
      const [creator, ben, cleo] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creator, ben]);
      const otherRoomId = await sampleRoom(repositories, [creator, ben]);
      await leave(roomId, ben);
      await join(roomId, cleo);
      const { announcements } = repositories;
      expect(await announcements.isLeavePending(roomId, ben)).toBe(true);
      expect(await announcements.isLeavePending(roomId, cleo)).toBe(false);
      expect(await announcements.isLeavePending(otherRoomId, ben)).toBe(false);
    });

    test('finds rooms with overdue announcements, oldest first', async () => {
      const [creator, ben, cleo] = await sampleUsers(repositories);
      const old = await sampleRoom(repositories, [creator]);
      const older = await sampleRoom(repositories, [creator]);
      const young = await sampleRoom(repositories, [creator]);
      await join(old, ben, -5);
      await join(older, ben, -9);
      await join(older, cleo, -3);
      await join(young, ben, -2);
      const { announcements } = repositories;
      expect(await announcements.findOverdueRooms(-2, 10)).toEqual([older, old]);
      expect(await announcements.findOverdueRooms(-2, 1)).toEqual([older]);
    });

    test('removes finished announcements and sets the read position of new members', async () => {
      const [creator, ben, cleo] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creator]);
      await join(roomId, ben);
      await join(roomId, cleo);
      const { announcements, memberships } = repositories;
      await announcements.finish(roomId, [{ changeNumber: 2, seq: 41, count: 30 }]);

      expect(await memberships.findByUsers([ben])).toMatchObject([
        { roomId, readSeq: 41, readCount: 30, role: 'member' },
      ]);
      expect(await memberships.findByUsers([cleo])).toMatchObject([
        { roomId, readSeq: null, readCount: null, role: 'member' },
      ]);
      expect(await announcements.findByRoom(roomId, 10)).toMatchObject([{ userId: cleo }]);
    });

    test('changes nothing when announcements are finished again, even after the member left and returned', async () => {
      const [creator, ben] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creator]);
      await join(roomId, ben);
      const { announcements, memberships } = repositories;
      await announcements.finish(roomId, [{ changeNumber: 2, seq: 5, count: 4 }]);
      await announcements.finish(roomId, [{ changeNumber: 2, seq: 4, count: 3 }]);
      expect(await memberships.findByUsers([ben])).toMatchObject([{ readSeq: 5, readCount: 4 }]);

      await leave(roomId, ben);
      await join(roomId, ben);
      await announcements.finish(roomId, [{ changeNumber: 2, seq: 5, count: 4 }]);
      expect(await memberships.findByUsers([ben])).toMatchObject([{ readSeq: null, readCount: null }]);
      expect(await announcements.findByRoom(roomId, 10)).toHaveLength(2);
    });
  });
}
