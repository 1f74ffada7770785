import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSecretToken, digestToken } from '../secret-token.ts';
import type { Repositories } from '../testing/repositories.ts';
import { newRoomId, newUserId, sampleUsers, sampleRoom } from '../testing/samples.ts';
import type { InvitationRecord } from './invitation.repository.ts';

export function describeInvitationRepository(name: string, makeRepositories: () => Promise<Repositories>): void {
  describe(`invitations in ${name}`, () => {
    let repositories: Repositories;

    beforeAll(async () => {
      repositories = await makeRepositories();
    });
    afterAll(() => repositories.close());

    async function store(expiresAt: number): Promise<InvitationRecord> {
      const tokenDigest = digestToken(createSecretToken(24));
      const invitation = { tokenDigest, roomId: newRoomId(), creatorId: newUserId(), expiresAt };
      await repositories.invitations.insert(invitation, { now: 0, limit: 1 });
      return invitation;
    }

    test('returns an invitation as it was stored', async () => {
      const invitation = await store(1_000_000_000_000);
      expect(await repositories.invitations.find(invitation.tokenDigest)).toEqual(invitation);
      expect(await repositories.invitations.find(digestToken('another'))).toBeNull();
    });

    test('finds the open invitations of a room, newest first, until they are removed', async () => {
      const { invitations } = repositories;
      const [creatorId] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creatorId]);
      const digests = [1_000, 3_000, 2_000].map((expiresAt) => {
        const tokenDigest = digestToken(createSecretToken(24));
        return { tokenDigest, roomId, creatorId, expiresAt };
      });
      for (const invitation of digests) await invitations.insert(invitation, { now: 0, limit: 10 });
      const [expired, newest, older] = digests;
      expect(await invitations.findByRoom(roomId, 1_000)).toEqual([newest, older]);
      await invitations.remove(newRoomId(), newest?.tokenDigest ?? '');
      await invitations.remove(roomId, older?.tokenDigest ?? '');
      await invitations.remove(roomId, older?.tokenDigest ?? '');
      expect(await invitations.findByRoom(roomId, 0)).toEqual([newest, expired]);
    });

    test('stores no more open invitations of a room than the limit under concurrent inserts', async () => {
      const { invitations } = repositories;
      const [creatorId] = await sampleUsers(repositories);
      const roomId = await sampleRoom(repositories, [creatorId]);
      const insert = (expiresAt: number, now: number): Promise<boolean> =>
        invitations.insert(
          { tokenDigest: digestToken(createSecretToken(24)), roomId, creatorId, expiresAt },
          { now, limit: 5 },
        );
      const inserted = await Promise.all(Array.from({ length: 8 }, () => insert(1_000, 0)));
      expect(inserted.filter(Boolean)).toHaveLength(5);
      expect(await insert(2_000, 999)).toBe(false);
      expect(await insert(2_000, 1_000)).toBe(true);
      expect(await invitations.findByRoom(roomId, 0)).toHaveLength(6);
    });

    test('removes expired invitations', async () => {
      const [expired, valid] = [await store(5_000), await store(5_001)];
      await repositories.invitations.removeExpired(5_000);
      expect(await repositories.invitations.find(expired.tokenDigest)).toBeNull();
      expect(await repositories.invitations.find(valid.tokenDigest)).toEqual(valid);
    });
  });
}
