import { LIMITS } from '@parley/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RoomServiceUnderTest } from '../testing/room-service.ts';

let service: RoomServiceUnderTest;
beforeAll(async () => {
  service = await RoomServiceUnderTest.start();
});
afterAll(() => service.close());

const password = 'correct horse';

test('signing up starts a session, with the normalised address and name', async () => {
  const signedIn = await service.api.createAccount({
    email: ' Ada@Example.org ',
    password,
    displayName: ' Ada  King ',
  });
  expect(signedIn.user).toEqual({ userId: signedIn.user.userId, email: 'ada@example.org', displayName: 'Ada King' });
  const session = await service.api.getSession({ token: signedIn.token });
  expect(session).toEqual({ sessionId: signedIn.sessionId, user: signedIn.user, expiresAt: signedIn.expiresAt });
});

test('an address can be used once, regardless of case', async () => {
  await service.api.createAccount({ email: 'grace@example.org', password, displayName: 'Grace' });
  const again = service.api.createAccount({ email: 'GRACE@example.org', password, displayName: 'Another Grace' });
  await expect(again).rejects.toMatchObject({ code: 'conflict' });
});

test('one of ten concurrent sign-ups with one address succeeds', async () => {
  const attempts = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) =>
      service.api.createAccount({ email: 'race@example.org', password, displayName: `Racer ${index}` }),
    ),
  );
  const failed = attempts.filter((attempt) => attempt.status === 'rejected');
  expect(failed).toHaveLength(9);
  for (const { reason } of failed) expect(reason).toMatchObject({ code: 'conflict' });
  expect((await service.api.findUsers({ userId: (await service.signUp()).userId, query: 'racer' })).users).toHaveLength(
    1,
  );
});

test('logging in ignores the case of the address', async () => {
  const { user } = await service.api.createAccount({ email: 'lise@example.org', password, displayName: 'Lise' });
  expect((await service.api.createSession({ email: ' LISE@example.org', password })).user).toEqual(user);
});

test('an unknown address and a wrong password give the same error, after one verification each', async () => {
  await service.api.createAccount({ email: 'emmy@example.org', password, displayName: 'Emmy' });
  const failures: unknown[] = [];
  for (const email of ['emmy@example.org', 'nobody@example.org', 'not an address', '']) {
    service.verify.mockClear();
    await service.api.createSession({ email, password: 'wrong horse' }).catch((error: unknown) => failures.push(error));
    expect(service.verify).toHaveBeenCalledOnce();
  }
  expect(failures).toHaveLength(4);
  expect(new Set(failures.map((error) => String(error))).size).toBe(1);
  for (const error of failures) expect(error).toMatchObject({ code: 'unauthenticated' });
});

test('an invalid account is rejected before anything is stored', async () => {
  const good = { email: 'mary@example.org', password, displayName: 'Mary' };
  for (const bad of [{ email: 'mary' }, { password: 'short' }, { password: 'x'.repeat(129) }, { displayName: ' ' }]) {
    await expect(service.api.createAccount({ ...good, ...bad })).rejects.toMatchObject({ code: 'invalid' });
  }
  await expect(service.api.createSession(good)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a search finds other users by prefix of the name or by the whole address', async () => {
  const hedy = await service.signUp('Hedy Lamarr');
  const hedwig = await service.signUp('hedwig');
  const find = async (query: string): Promise<string[]> =>
    (await service.api.findUsers({ userId: hedy.userId, query })).users.map(({ displayName }) => displayName);

  expect(await find('HED')).toEqual(['hedwig']);
  expect(await find(` ${hedwig.email.toUpperCase()} `)).toEqual(['hedwig']);
  expect(await find(hedwig.email.slice(0, -1))).toEqual([]);
  expect(await find(hedy.email)).toEqual([]);
  const { users } = await service.api.findUsers({ userId: hedwig.userId, query: 'hedy' });
  expect(users).toEqual([{ userId: hedy.userId, displayName: 'Hedy Lamarr' }]);
});

test('a search returns at most 20 users, also when the searching user matches', async () => {
  const first = await service.signUp('Match 00');
  for (let n = 1; n < 23; n++) await service.signUp(`Match ${String(n).padStart(2, '0')}`);
  const { users } = await service.api.findUsers({ userId: first.userId, query: 'match' });
  expect(users).toHaveLength(LIMITS.usersPerSearch);
  expect(users[0]?.displayName).toBe('Match 01');
});
