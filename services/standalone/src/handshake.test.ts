import { ProtocolClient, signUp } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startParley, type Parley } from './testing/parley.ts';

let parley: Parley;
beforeAll(async () => {
  parley = await startParley({
    PARLEY_LIMIT_CONNECTIONS_PER_USER: '2',
    PARLEY_ORIGINS: 'https://intranet.example.org',
  });
});
afterAll(() => parley.close());

test.each([undefined, 'parley_session=', 'parley_session=wrong', "parley_session=' OR 1=1 --", 'other=1'])(
  'a cookie of %j is rejected with 401',
  async (cookie) => {
    const opening = ProtocolClient.connect(parley.wsUrl, cookie === undefined ? {} : { cookie });
    await expect(opening).rejects.toMatchObject({ status: 401 });
  },
);

test.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])(
  'the Origin %s is rejected with 403',
  async (origin) => {
    const { cookie } = await signUp(parley.url);
    await expect(ProtocolClient.connect(parley.wsUrl, { cookie, origin })).rejects.toMatchObject({ status: 403 });
  },
);

test('the session cookie is accepted as __Host-parley_session, which wins over parley_session', async () => {
  const { cookie } = await signUp(parley.url);
  const hostCookie = `__Host-${cookie}`;
  for (const accepted of [hostCookie, `parley_session=wrong; ${hostCookie}`, `${cookie}; __Host-parley_session=`]) {
    const client = await ProtocolClient.connect(parley.wsUrl, { cookie: accepted });
    await client.close();
  }
  const opening = ProtocolClient.connect(parley.wsUrl, { cookie: `${cookie}; __Host-parley_session=wrong` });
  await expect(opening).rejects.toMatchObject({ status: 401 });
});

test('a listed Origin is accepted', async () => {
  const { cookie } = await signUp(parley.url);
  const client = await ProtocolClient.connect(parley.wsUrl, { cookie, origin: 'https://intranet.example.org' });
  await client.close();
});

test('connections over the limit of a user are rejected with 429, until one is closed', async () => {
  const { cookie } = await signUp(parley.url);
  const first = await ProtocolClient.connect(parley.wsUrl, { cookie });
  await ProtocolClient.connect(parley.wsUrl, { cookie });
  await expect(ProtocolClient.connect(parley.wsUrl, { cookie })).rejects.toMatchObject({ status: 429 });
  await first.close();
  await expect
    .poll(() =>
      ProtocolClient.connect(parley.wsUrl, { cookie }).then(
        () => 'open',
        () => 'refused',
      ),
    )
    .toBe('open');
});

test('delete_connection is answered, then the connection is closed with 1000', async () => {
  const { cookie } = await signUp(parley.url);
  const client = await ProtocolClient.connect(parley.wsUrl, { cookie });
  await client.command('create_connection', { protocol: 1 });
  expect(await client.command('delete_connection', {})).toEqual({});
  expect((await client.closed).code).toBe(1000);
});

test('commands beyond the burst are not executed and answered with a retry time', async () => {
  const limited = await startParley({ PARLEY_LIMIT_COMMANDS_PER_SECOND: '1', PARLEY_LIMIT_COMMANDS_BURST: '2' });
  try {
    const { cookie } = await signUp(limited.url);
    const client = await ProtocolClient.connect(limited.wsUrl, { cookie });
    await client.command('create_connection', { protocol: 1 });
    await client.command('get_user_rooms', {});
    const refused = client.command('get_user_rooms', {});
    await expect(refused).rejects.toMatchObject({
      code: 'rate_limited',
      retryable: true,
      retryAfterMs: expect.any(Number),
    });
  } finally {
    await limited.close();
  }
});
