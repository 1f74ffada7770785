import type { RoomId, UserId } from '@parley/protocol';
import { uuidv7 } from '@parley/platform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repositories } from '../testing/repositories.ts';
import { newRoomId, sampleUsers, sampleRoom } from '../testing/samples.ts';

export function describeMembershipRepository(name: string, makeRepositories: () => Promise<Repositories>): void {
  describe(`memberships in ${name}`, () => {
    let repositories: Repositories;

    beforeAll(async () => {
      repositories = await makeRepositories();
    });
    afterAll(() => repositories.close());

    const join = (roomId: RoomId, ...userIds: UserId[]): Promise<void> =>
      repositories.memberships.join({
        roomId,
        newMembers: userIds.map((userId) => ({ userId, entryId: uuidv7() })),
        at: 1,
      });
    const leave = (roomId: RoomId, userId: UserId, removedBy?: UserId): Promise<boolean> =>
      repositories.memberships.leave({
        ...{ roomId, userId, entryId: uuidv7(), at: 1 },
        ...(removedBy === undefined ? {} : { removedBy }),
      });
    const room = async (
      roomId: RoomId,
    ): Promise<{ initialMemberCount?: number; memberCount?: number; firstMemberIds?: readonly UserId[] }> =>
      (await repositories.rooms.find([roomId]))[0] ?? {};
    const versionOf = async (userId: UserId): Promise<number | undefined> =>
      (await repositories.accounts.findRoomsVersions([userId]))[0]?.roomsVersion;
    const announced = async (roomId: RoomId): Promise<(string | number)[][]> =>
      (await repositories.announcements.findByRoom(roomId, 100)).map(({ changeNumber, event, userId }) => [
        changeNumber,
        event,
        userId,
      ]);

    test('a join adds the member, increments memberCount and roomsVersion, and inserts an announcement', async () => {
      const [creator, ben, cleo] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creator]);
      await join(roomId, ben, cleo);

      expect(await repositories.memberships.isMember(roomId, ben)).toBe(true);
      expect(await repositories.memberships.findByUsers([ben])).toEqual([
        { userId: ben, roomId, readSeq: null, readCount: null, role: 'member' },
      ]);
      expect(await room(roomId)).toMatchObject({
        initialMemberCount: 1,
        memberCount: 3,
        firstMemberIds: [creator, ben, cleo],
      });
      expect([await versionOf(creator), await versionOf(ben), await versionOf(cleo)]).toEqual([1, 1, 1]);
      expect(await announced(roomId)).toEqual([
        [2, 'member_joined', ben],
        [3, 'member_joined', cleo],
      ]);
    });

    test('a join does not change existing members', async () => {
      const [creator, ben, cleo] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creator, ben]);
      await join(roomId, ben, cleo, creator);
      await join(roomId, ben);

      expect(await room(roomId)).toMatchObject({ memberCount: 3, firstMemberIds: [creator, ben, cleo] });
      expect(await versionOf(ben)).toBe(1);
      expect(await repositories.memberships.findByUsers([ben])).toEqual([
        { userId: ben, roomId, readSeq: 0, readCount: 0, role: 'member' },
      ]);
      expect(await announced(roomId)).toEqual([[3, 'member_joined', cleo]]);
    });

    test('a leave removes the member, updates memberCount and roomsVersion, and inserts an announcement', async () => {
      const [creator, ben] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creator, ben]);
      expect(await leave(roomId, ben)).toBe(true);

      expect(await repositories.memberships.isMember(roomId, ben)).toBe(false);
      expect(await repositories.memberships.findByUsers([ben])).toEqual([]);
      expect(await room(roomId)).toMatchObject({ memberCount: 1, firstMemberIds: [creator] });
      expect([await versionOf(creator), await versionOf(ben)]).toEqual([1, 2]);
      expect(await announced(roomId)).toEqual([[3, 'member_left', ben]]);
    });

    test('a leave of a user who is not a member changes nothing', async () => {
      const [creator, ben] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creator]);
      expect(await leave(roomId, ben)).toBe(false);
      expect(await leave(newRoomId(), ben)).toBe(false);

      expect(await room(roomId)).toMatchObject({ memberCount: 1 });
      expect(await versionOf(ben)).toBe(0);
      expect(await announced(roomId)).toEqual([]);
    });

    test('a leave updates the first five members, and an empty room remains', async () => {
      const userIds = await sampleUsers(repositories, 7);
      const [creator, ben] = userIds;
      const roomId = await sampleRoom(repositories, userIds);
      await leave(roomId, ben);
      expect(await room(roomId)).toMatchObject({ memberCount: 6, firstMemberIds: [creator, ...userIds.slice(2, 6)] });
      await join(roomId, ben);
      expect(await room(roomId)).toMatchObject({ memberCount: 7, firstMemberIds: [creator, ...userIds.slice(2, 6)] });

      for (const userId of userIds) await leave(roomId, userId);
      expect(await room(roomId)).toMatchObject({ memberCount: 0, firstMemberIds: [] });
    });

    test('the member who joined first becomes owner when the last owner leaves, and that is announced', async () => {
      const [creator, ben, cleo] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creator, ben]);
      await join(roomId, cleo);
      const { memberships, announcements } = repositories;
      const roles = (): Promise<(string | null)[]> =>
        Promise.all([creator, ben, cleo].map((userId) => memberships.findRole(roomId, userId)));
      expect(await roles()).toEqual(['owner', 'member', 'member']);
      expect(await memberships.findByRoom(roomId, 0, 10)).toMatchObject([
        { role: 'owner', readSeq: 0 },
        { role: 'member', readSeq: 0 },
        { role: 'member', readSeq: null },
      ]);

      await leave(roomId, creator);
      expect(await roles()).toEqual([null, 'owner', 'member']);
      await leave(roomId, cleo, ben);
      await leave(roomId, ben);
      expect(await roles()).toEqual([null, null, null]);
      const [, ...leaves] = await announcements.findByRoom(roomId, 10);
      expect(leaves.map(({ userId, data }) => [userId, data])).toEqual([
        [creator, { newOwnerId: ben }],
        [cleo, { removedBy: ben }],
        [ben, {}],
      ]);
      await join(roomId, cleo);
      expect(await memberships.findRole(roomId, cleo)).toBe('member');
    });

    test('members are paged in join order, even when a member leaves between two pages', async () => {
      const userIds = await sampleUsers(repositories, 8);
      const [creator, second, ...others] = userIds;
      const roomId = await sampleRoom(repositories, [creator, second]);
      await join(roomId, ...others);
      const first = await repositories.memberships.findByRoom(roomId, 0, 3);
      expect(first.map(({ userId }) => userId)).toEqual(userIds.slice(0, 3));
      await leave(roomId, userIds[2]);
      const next = await repositories.memberships.findByRoom(roomId, first.at(-1)?.joinOrder ?? 0, 10);
      expect(next.map(({ userId }) => userId)).toEqual(userIds.slice(3));
    });

    test('20 concurrent joins and leaves keep count, first five, versions and announcements consistent', async () => {
      const userIds = await sampleUsers(repositories, 21);
      const [creator, ...others] = userIds;
      const [leavers, joiners] = [others.slice(0, 10), others.slice(10)];
      const roomId = await sampleRoom(repositories, [creator, ...leavers]);
      await Promise.all([
        ...leavers.map((userId) => leave(roomId, userId)),
        ...joiners.map((userId) => join(roomId, userId)),
      ]);

      const members = await repositories.memberships.findByRoom(roomId, 0, 100);
      const memberIds = members.map(({ userId }) => userId);
      expect(new Set(memberIds)).toEqual(new Set([creator, ...joiners]));
      expect(await room(roomId)).toMatchObject({ memberCount: 11, firstMemberIds: memberIds.slice(0, 5) });
      for (const userId of leavers) expect(await versionOf(userId)).toBe(2);
      for (const userId of joiners) expect(await versionOf(userId)).toBe(1);
      const changes = await announced(roomId);
      expect(changes.map(([changeNumber]) => changeNumber)).toEqual(Array.from({ length: 20 }, (_, n) => n + 12));
      expect(new Set(changes.map(([, , userId]) => userId))).toEqual(new Set(others));
    });

    test('a user added 20 times at once joins once, and a user added to 20 rooms at once joins all', async () => {
      const [creator, ben] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creator]);
      await Promise.all(Array.from({ length: 20 }, () => join(roomId, ben)));
      expect(await room(roomId)).toMatchObject({ memberCount: 2 });
      expect(await versionOf(ben)).toBe(1);
      expect(await announced(roomId)).toHaveLength(1);

      const rooms = await Promise.all(Array.from({ length: 20 }, () => sampleRoom(repositories, [creator])));
      await Promise.all(rooms.map((each) => join(each, ben)));
      expect(await repositories.memberships.findByUsers([ben])).toHaveLength(21);
      expect([await versionOf(creator), await versionOf(ben)]).toEqual([21, 21]);
    });
  });
}
