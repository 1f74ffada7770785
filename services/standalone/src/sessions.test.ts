import type { ProblemDetails, UserBody, UsersBody } from '@parley/protocol';
import { signUp } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, newTestUser, parleyForTest, startParley, type Parley } from './testing/parley.ts';

let parley: Parley;
beforeAll(async () => {
  parley = await startParley({ PARLEY_TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => parley.close());

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: Parley;
}

async function call(path: string, { method = 'GET', body, headers = {}, at = parley }: Call = {}): Promise<Response> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return fetch(`${at.url}${path}`, { method, headers: { ...type, ...headers }, ...json });
}

const problem = async (response: Response): Promise<ProblemDetails> => (await response.json()) as ProblemDetails;

test('signing up signs in, with a cookie that scripts cannot read', async () => {
  const body = { email: ' New@Example.org ', password: 'correct horse', displayName: ' Ada  Lovelace ' };
  const response = await call('/api/accounts', { method: 'POST', body });
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({ user: { email: 'new@example.org', displayName: 'Ada Lovelace' } });
  const [cookie = ''] = response.headers.getSetCookie();
  expect(cookie).toMatch(/^parley_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
});

test('behind a trusted proxy with https the cookie is Secure', async () => {
  const body = { email: 'secure@example.org', password: 'correct horse', displayName: 'Ada' };
  const headers = { 'x-forwarded-proto': 'https' };
  const response = await call('/api/accounts', { method: 'POST', body, headers });
  expect(response.headers.getSetCookie()[0]).toContain('Secure');
});

test('GET /api/me returns the user and renews the cookie', async () => {
  const { cookie, user } = await signUp(parley.url);
  const response = await call('/api/me', { headers: { cookie } });
  expect((await response.json()) as UserBody).toEqual({ user });
  expect(response.headers.getSetCookie()[0]).toContain(cookie);
  expect(response.headers.get('cache-control')).toBe('no-store');
});

describe('the session cookie under the name __Host-parley_session', () => {
  const nameAndToken = (cookie: string): string => cookie.split(';')[0] ?? '';

  test('is accepted, and wins over parley_session', async () => {
    const [ada, bob] = [await signUp(parley.url), await signUp(parley.url)];
    for (const cookie of [`__Host-${ada.cookie}`, `${bob.cookie}; __Host-${ada.cookie}`]) {
      const response = await call('/api/me', { headers: { cookie } });
      expect((await response.json()) as UserBody).toEqual({ user: ada.user });
    }
  });

  test('is cleared by logging out, which ends the sessions under both names', async () => {
    const [ada, bob] = [await signUp(parley.url), await signUp(parley.url)];
    const cookie = `${bob.cookie}; __Host-${ada.cookie}`;
    const response = await call('/api/sessions/current', { method: 'DELETE', headers: { cookie } });
    const cleared = response.headers.getSetCookie();
    expect(cleared.map(nameAndToken)).toEqual(['parley_session=', '__Host-parley_session=']);
    expect(cleared[1]).toMatch(/; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
    for (const ended of [ada.cookie, bob.cookie]) {
      expect((await call('/api/me', { headers: { cookie: ended } })).status).toBe(401);
    }
  });

  test('is cleared by logging in, so that the new session counts', async () => {
    const { email, password, cookie } = await signUp(parley.url);
    const headers = { cookie: `__Host-${cookie}` };
    const response = await call('/api/sessions', { method: 'POST', body: { email, password }, headers });
    const cookies = response.headers.getSetCookie().map(nameAndToken);
    expect(cookies).toHaveLength(2);
    expect(cookies).toContain('__Host-parley_session=');
    expect((await call('/api/me', { headers: { cookie: cookies[0] ?? '' } })).status).toBe(200);
  });
});

test('logging out ends the session, and its connections with 4001, but not other sessions', async () => {
  const testUser = await newTestUser(parley);
  const second = await connect(parley, testUser);
  const { email, password } = testUser;
  const elsewhere = await call('/api/sessions', { method: 'POST', body: { email, password } });
  expect(elsewhere.status).toBe(201);
  const other = await connect(parley, {
    ...testUser,
    cookie: elsewhere.headers.getSetCookie()[0]?.split(';')[0] ?? '',
  });
  const { cookie } = testUser;
  expect((await call('/api/sessions/current', { method: 'DELETE', headers: { cookie } })).status).toBe(204);
  for (const { client } of [testUser, second]) expect((await client.closed).code).toBe(4001);
  expect((await call('/api/me', { headers: { cookie } })).status).toBe(401);
  await other.client.command('get_user_rooms', {});
});

test('logging in revokes the session that it replaces', async () => {
  const { cookie, email, password, client } = await newTestUser(parley);
  const again = await call('/api/sessions', { method: 'POST', body: { email, password }, headers: { cookie } });
  expect(again.status).toBe(201);
  expect((await client.closed).code).toBe(4001);
  expect((await call('/api/me', { headers: { cookie } })).status).toBe(401);
});

test('a wrong password and an unknown e-mail address have the same answer', async () => {
  const { email } = await signUp(parley.url);
  const wrong = await call('/api/sessions', { method: 'POST', body: { email, password: 'wrong horse' } });
  const unknown = await call('/api/sessions', {
    method: 'POST',
    body: { email: 'no@one.org', password: 'wrong horse' },
  });
  expect(wrong.status).toBe(401);
  expect(wrong.headers.get('content-type')).toContain('application/problem+json');
  expect(await wrong.json()).toEqual(await unknown.json());
});

test('users are found by the beginning of their name or by their whole e-mail address', async () => {
  const { cookie } = await signUp(parley.url);
  const grace = await signUp(parley.url, { displayName: 'Grace Hopper' });
  const { userId, displayName } = grace.user;
  for (const query of ['gra', grace.email.toUpperCase()]) {
    const response = await call(`/api/users?query=${encodeURIComponent(query)}`, { headers: { cookie } });
    expect((await response.json()) as UsersBody).toEqual({ users: [{ userId, displayName }] });
  }
});

describe('bad input', () => {
  const good = { email: 'bad@example.org', password: 'correct horse', displayName: 'Ada' };

  test.each([
    { ...good, email: 'nobody' },
    { ...good, email: { $gt: '' } },
    { ...good, email: undefined },
    { ...good, email: `${'a'.repeat(250)}@b.org` },
    { ...good, password: 'short' },
    { ...good, password: 'x'.repeat(129) },
    { ...good, password: { $ne: '' } },
    { ...good, displayName: '   ' },
    { ...good, displayName: 'x'.repeat(61) },
    { ...good, displayName: ['Ada'] },
    [],
    'text',
  ])('to sign up, as %j, creates no account', async (body) => {
    const response = await call('/api/accounts', { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(await problem(response)).toMatchObject({ type: 'about:blank', code: 'invalid', status: 400 });
  });

  test.each(["' OR 1=1 --", '{"$gt":""}', '../../etc/passwd'])('to log in, as %j, signs in no user', async (text) => {
    const response = await call('/api/sessions', { method: 'POST', body: { email: text, password: text } });
    expect([400, 401]).toContain(response.status);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test.each(["%' OR 1=1 --", '%', '_', '.*', '$where', '\\'])(
    'to search for users, as %j, finds no user',
    async (query) => {
      const { cookie } = await signUp(parley.url);
      const response = await call(`/api/users?query=${encodeURIComponent(query)}`, { headers: { cookie } });
      expect(await response.json()).toEqual({ users: [] });
    },
  );

  test.each(['/api/users', '/api/users?query[$gt]=', '/api/users?query=a&query=b'])('%s is invalid', async (path) => {
    const { cookie } = await signUp(parley.url);
    expect((await call(path, { headers: { cookie } })).status).toBe(400);
  });

  test('an address in use is a conflict', async () => {
    const { email } = await signUp(parley.url);
    const response = await call('/api/accounts', { method: 'POST', body: { ...good, email: email.toUpperCase() } });
    expect(await problem(response)).toMatchObject({ status: 409, code: 'conflict' });
  });

  test('that is not JSON or too long is rejected', async () => {
    const send = (body: string): Promise<Response> =>
      fetch(`${parley.url}/api/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await problem(await send('{'))).toMatchObject({ status: 400, code: 'invalid' });
    expect(await problem(await send(`"${'x'.repeat(70_000)}"`))).toMatchObject({ status: 413, code: 'too_large' });
  });

  test.each(['https://evil.example', 'null'])('from the Origin %s has no effect', async (origin) => {
    const { cookie } = await signUp(parley.url);
    const headers = { cookie, origin };
    expect((await call('/api/sessions/current', { method: 'DELETE', headers })).status).toBe(403);
    expect((await call('/api/me', { headers: { cookie } })).status).toBe(200);
  });

  test('to an unknown path is a problem document, too', async () => {
    expect(await problem(await call('/api/nothing'))).toMatchObject({ status: 404, code: 'not_found' });
  });
});

describe('limits', () => {
  test('after five wrong passwords log-ins to the account are limited from that address only', async () => {
    const { email, password } = await signUp(parley.url);
    const from = (address: string, word: string): Promise<Response> =>
      call('/api/sessions', {
        method: 'POST',
        body: { email, password: word },
        headers: { 'x-forwarded-for': address },
      });
    for (let tries = 0; tries < 5; tries++) expect((await from('203.0.113.1', 'wrong horse')).status).toBe(401);
    const refused = await from('203.0.113.1', password);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problem(refused)).toMatchObject({
      status: 429,
      code: 'rate_limited',
      retryAfterMs: expect.any(Number),
    });
    expect((await from('203.0.113.2', password)).status).toBe(201);
  });

  test('right passwords do not count towards the limit', async () => {
    const { email, password } = await signUp(parley.url);
    for (let tries = 0; tries < 7; tries++) {
      expect((await call('/api/sessions', { method: 'POST', body: { email, password } })).status).toBe(201);
    }
  });

  test('accounts created from one address are limited', async () => {
    const limited = await parleyForTest({ PARLEY_LIMIT_SIGNUPS_PER_HOUR: '1' });
    await signUp(limited.url);
    const body = { email: 'second@example.org', password: 'correct horse', displayName: 'Ada' };
    expect((await call('/api/accounts', { method: 'POST', body, at: limited })).status).toBe(429);
  });
});
