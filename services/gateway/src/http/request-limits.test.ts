import { createRedisClient, firstConnection, type RedisClient } from '@parley/bus';
import { ParleyError } from '@parley/contracts';
import { readConfig } from '@parley/platform';
import { describeWith, startRedis, type RedisServer } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RequestLimits } from './request-limits.ts';

const ADDRESS = '203.0.113.7';
const PER_MINUTE = 5;

const config = readConfig('standalone', {
  PARLEY_LIMIT_LOGINS_PER_MINUTE: String(PER_MINUTE),
  PARLEY_LIMIT_SIGNUPS_PER_HOUR: '2',
});

const wrongPassword = () => Promise.reject(new ParleyError('unauthenticated', 'E-mail or password is wrong.'));
const unreachable = () => Promise.reject(new ParleyError('unavailable', 'Try again.'));
const succeed = () => Promise.resolve('signed in');

/** The code that each of so many log-ins in a row is refused with. */
async function codes(times: number, login: (index: number) => Promise<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let index = 0; index < times; index += 1) {
    seen.push(await login(index).catch((error: unknown) => (error instanceof ParleyError ? error.code : error)));
  }
  return seen;
}

describeWith('valkey', 'limits that several gateways count together', () => {
  let server: RedisServer;
  let clients: RedisClient[];
  let gateways: RequestLimits[];

  beforeAll(async () => {
    server = await startRedis({ server: 'valkey' });
    clients = [1, 2].map(() => createRedisClient(server.url).on('error', () => undefined));
    await Promise.all(clients.map(firstConnection));
    gateways = clients.map((client) => new RequestLimits(config, client));
  });

  afterAll(async () => {
    for (const client of clients ?? []) client.disconnect();
    await server?.stop();
  });

  const at = (index: number): RequestLimits => {
    const gateway = gateways[index % gateways.length];
    if (!gateway) throw new Error('There is no gateway.');
    return gateway;
  };

  test('failed log-ins to an account are refused after the fifth, whichever gateway they reach', async () => {
    const failed = await codes(PER_MINUTE + 1, (index) =>
      at(index).countFailedLogin(ADDRESS, 'a@b.example', wrongPassword),
    );
    expect(failed).toEqual([...Array<string>(PER_MINUTE).fill('unauthenticated'), 'rate_limited']);
    expect(await codes(1, () => at(1).countFailedLogin(ADDRESS, ' A@B.example', succeed))).toEqual(['rate_limited']);
    expect(await codes(1, () => at(1).countFailedLogin('198.51.100.9', 'a@b.example', succeed))).toEqual(['signed in']);
  });

  test('log-ins that succeed, or that the server could not try, are not counted', async () => {
    const login = (index: number) =>
      at(index).countFailedLogin(ADDRESS, 'c@d.example', index % 2 ? succeed : unreachable);
    expect(new Set(await codes(4 * PER_MINUTE, login))).toEqual(new Set(['unavailable', 'signed in']));
  });

  test('sign-ups from one address are refused beyond the limit, with the time to wait', async () => {
    const signUp = (index: number) => at(index).countSignup('203.0.113.80');
    expect(await codes(3, signUp)).toEqual([undefined, undefined, 'rate_limited']);
    const refusal = await signUp(0).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) as number });
  });

  test('each gateway counts by itself while Redis is unavailable', async () => {
    await server.kill();
    const login = () => at(0).countFailedLogin(ADDRESS, 'e@f.example', wrongPassword);
    expect(await codes(PER_MINUTE + 1, login)).toEqual([
      ...Array<string>(PER_MINUTE).fill('unauthenticated'),
      'rate_limited',
    ]);
  });
});
