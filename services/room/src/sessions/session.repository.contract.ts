import { randomBytes } from 'node:crypto';
import type { SessionId } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repositories } from '../testing/repositories.ts';
import { newUserId } from '../testing/samples.ts';
import type { SessionRecord, SessionRepository } from './session.repository.ts';

const newSessionId = (): SessionId => randomBytes(32).toString('hex') as SessionId;

export function describeSessionRepository(name: string, makeRepositories: () => Promise<Repositories>): void {
  describe(`sessions in ${name}`, () => {
    let repositories: Repositories;
    let sessions: SessionRepository;

    beforeAll(async () => {
      repositories = await makeRepositories();
      sessions = repositories.sessions;
    });
    afterAll(() => repositories.close());

    async function store(expiresAt: number): Promise<SessionRecord> {
      const session = { sessionId: newSessionId(), userId: newUserId(), renewedAt: 1, expiresAt };
      await sessions.insert(session);
      return session;
    }

    test('returns sessions as they were stored', async () => {
      const session = await store(1_000_000_000_000);
      const other = await store(2_000_000_000_000);
      expect(await sessions.find([session.sessionId, newSessionId()])).toEqual([session]);
      expect(await sessions.find([session.sessionId, other.sessionId])).toHaveLength(2);
      expect(await sessions.find([])).toEqual([]);
    });

    test('renews a session', async () => {
      const session = await store(1_000);
      await sessions.renew(session.sessionId, { renewedAt: 500, expiresAt: 1_500 });
      expect(await sessions.find([session.sessionId])).toEqual([{ ...session, renewedAt: 500, expiresAt: 1_500 }]);
    });

    test('does not restore a removed session when it is renewed', async () => {
      const { sessionId, userId } = await store(1_000);
      expect(await sessions.remove(sessionId)).toBe(userId);
      await sessions.renew(sessionId, { renewedAt: 500, expiresAt: 1_500 });
      expect(await sessions.find([sessionId])).toEqual([]);
      expect(await sessions.remove(sessionId)).toBeNull();
    });

    test('removes expired sessions', async () => {
      const [expired, valid] = [await store(5_000), await store(5_001)];
      await sessions.removeExpired(5_000);
      expect(await sessions.find([expired.sessionId, valid.sessionId])).toEqual([valid]);
    });
  });
}
