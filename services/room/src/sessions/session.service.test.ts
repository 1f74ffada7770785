import type { SessionId, SignedIn } from '@parley/contracts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { digestToken } from '../secret-token.ts';
import { RoomServiceUnderTest } from '../testing/room-service.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const password = 'correct horse';

let service: RoomServiceUnderTest;
beforeAll(async () => {
  service = await RoomServiceUnderTest.start();
});
afterAll(() => service.close());

async function signIn(): Promise<SignedIn> {
  const { email } = await service.signUp();
  return service.api.createSession({ email, password });
}

test('a token has 32 random bytes, and its digest is the sessionId', async () => {
  const { token, sessionId } = await signIn();
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(sessionId).toBe(digestToken(token));
  expect(sessionId).toMatch(/^[0-9a-f]{64}$/);
});

test('an unused session expires after 30 days', async () => {
  const { token, expiresAt } = await signIn();
  expect(expiresAt).toBe(service.now + 30 * DAY);
  service.now = expiresAt;
  await expect(service.api.getSession({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('use renews a session at most once an hour', async () => {
  const { token, expiresAt } = await signIn();
  service.now += HOUR - 1;
  expect((await service.api.getSession({ token })).expiresAt).toBe(expiresAt);
  service.now += 1;
  expect((await service.api.getSession({ token })).expiresAt).toBe(expiresAt + HOUR);
  service.now += HOUR - 1;
  expect((await service.api.getSession({ token })).expiresAt).toBe(expiresAt + HOUR);
  for (let month = 0; month < 3; month++) {
    service.now += 29 * DAY;
    expect((await service.api.getSession({ token })).expiresAt).toBe(service.now + 30 * DAY);
  }
});

test('several sessions are returned in the order of their tokens, and renewed independently', async () => {
  const old = await signIn();
  service.now += HOUR;
  const young = await signIn();
  const ended = await signIn();
  await service.api.deleteSession(ended);
  const tokens = [young.token, 'unknown', ended.token, old.token, young.token];
  const { sessions } = await service.api.getSessions({ tokens });
  expect(sessions.map((session) => session && [session.user.userId, session.expiresAt])).toEqual([
    [young.user.userId, young.expiresAt],
    null,
    null,
    [old.user.userId, old.expiresAt + HOUR],
    [young.user.userId, young.expiresAt],
  ]);
});

test('deleting a session ends it and publishes that', async () => {
  const { token, sessionId, user } = await signIn();
  const received = service.collectUserBroadcasts(user.userId);
  await service.api.deleteSession({ token });
  await expect(service.api.getSession({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
  await vi.waitFor(() => expect(received).toEqual([{ kind: 'session_ended', sessionId }]));
});

test('deleting a session succeeds while the bus is down and when there is no such session', async () => {
  const { token } = await signIn();
  const publish = vi.spyOn(service.bus, 'publish').mockRejectedValueOnce(new Error('Redis is down'));
  await service.api.deleteSession({ token });
  expect(publish).toHaveBeenCalledOnce();
  publish.mockRestore();
  await service.api.deleteSession({ token });
  await service.api.deleteSession({ token: '' });
});

test('signing in ends only the session that it replaces', async () => {
  const first = await signIn();
  const other = await service.api.createSession({ email: first.user.email, password });
  const received = service.collectUserBroadcasts(first.user.userId);
  const second = await service.api.createSession({ email: first.user.email, password, replaces: first.token });

  await expect(service.api.getSession({ token: first.token })).rejects.toMatchObject({ code: 'unauthenticated' });
  expect((await service.api.getSession({ token: second.token })).user).toEqual(first.user);
  expect((await service.api.getSession({ token: other.token })).user).toEqual(first.user);
  await vi.waitFor(() => expect(received).toEqual([{ kind: 'session_ended', sessionId: first.sessionId }]));
});

test('signing in with a wrong password ends no session', async () => {
  const { token, user } = await signIn();
  const attempt = service.api.createSession({ email: user.email, password: 'wrong horse', replaces: token });
  await expect(attempt).rejects.toMatchObject({ code: 'unauthenticated' });
  expect((await service.api.getSession({ token })).user).toEqual(user);
});

test('signing up ends the session that it replaces', async () => {
  const { token } = await signIn();
  await service.api.createAccount({ email: 'second@example.org', password, displayName: 'Second', replaces: token });
  await expect(service.api.getSession({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('findEndedSessions returns the deleted, expired and unknown ones of many sessions', async () => {
  const [valid, deleted, expired] = [await signIn(), await signIn(), await signIn()];
  await service.api.deleteSession({ token: deleted.token });
  service.now += 29 * DAY;
  await service.api.getSession({ token: valid.token });
  service.now += 2 * DAY;
  const unknown = digestToken('unknown') as SessionId;
  const sessionIds = [valid.sessionId, deleted.sessionId, expired.sessionId, unknown];
  expect(await service.api.findEndedSessions({ sessionIds })).toEqual({
    sessionIds: [deleted.sessionId, expired.sessionId, unknown],
  });
});

test.each(['', 'x', '__proto__', '{"$ne":null}', "' OR ''='", 'x'.repeat(100_000)])(
  'the unknown token %j is unauthenticated',
  async (token) => {
    await expect(service.api.getSession({ token })).rejects.toMatchObject({ code: 'unauthenticated' });
  },
);
