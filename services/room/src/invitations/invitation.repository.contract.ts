import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSecretToken, digestToken } from '../secret-token.ts';
import type { Repositories } from '../testing/repositories.ts';
import { newRoomId, newUserId } from '../testing/samples.ts';
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
      await repositories.invitations.insert(invitation);
      return invitation;
    }

    test('are found as they were stored', async () => {
      const invitation = await store(1_000_000_000_000);
      expect(await repositories.invitations.find(invitation.tokenDigest)).toEqual(invitation);
      expect(await repositories.invitations.find(digestToken('another'))).toBeNull();
    });

    test('are removed when they have expired', async () => {
      const [expired, valid] = [await store(5_000), await store(5_001)];
      await repositories.invitations.removeExpired(5_000);
      expect(await repositories.invitations.find(expired.tokenDigest)).toBeNull();
      expect(await repositories.invitations.find(valid.tokenDigest)).toEqual(valid);
    });
  });
}
