import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MemoryBus } from '@parley/bus';
import { createLogger, DATA_FOLDER, readConfig } from '@parley/platform';
import { startStandalone } from '@parley/standalone';
import { signUp } from '@parley/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startMisconfiguredProxy, type ProxyMisconfiguration } from '../testing/misconfigured-proxy.ts';
import { lineOf, type Check } from './check.ts';
import { diagnose, type DiagnoseOptions } from './diagnose.ts';

/** A bus that accepts every event and delivers none. */
class LossyBus extends MemoryBus {
  override async publish(): Promise<void> {}
}

async function parley(settings: Record<string, string> = {}, bus = new MemoryBus()) {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-doctor-'));
  const config = readConfig('standalone', { PARLEY_PORT: '0', PARLEY_DATA_DIR: dataDir, ...settings });
  const running = await startStandalone(config, createLogger('test', 'silent'), { bus });
  onTestFinished(async () => {
    await running.close();
    await rm(dataDir, { recursive: true });
  });
  return { ...running, dataDir };
}

async function behind(url: string, misconfiguration: ProxyMisconfiguration): Promise<string> {
  const proxy = await startMisconfiguredProxy(url, misconfiguration);
  onTestFinished(() => proxy.close());
  return proxy.url;
}

async function checksOf(url: string, options?: DiagnoseOptions): Promise<Check[]> {
  const checks: Check[] = [];
  for await (const one of diagnose(new URL(url), options)) checks.push(one);
  return checks;
}

/** The one check that failed. */
async function faultOf(url: string, options?: DiagnoseOptions) {
  const faults = (await checksOf(url, options)).filter((one) => !one.ok);
  expect(faults.map(lineOf)).toHaveLength(1);
  return faults[0];
}

test('every check passes on a healthy Parley, with a new account or a given one', async () => {
  const { url } = await parley();
  const { email, password } = await signUp(url);
  for (const options of [{}, { account: { email, password } }]) {
    const checks = await checksOf(await behind(url, {}), options);
    expect(checks.filter((one) => !one.ok).map(lineOf)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      'address',
      'origin',
      'foreign origin',
      'cookie',
      'client address',
      'upgrade',
      'majority write',
      'publish round trip',
    ]);
  }
});

test('reports another server at the address, and none', async () => {
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [other] = await checksOf(url);
  expect(other).toMatchObject({ name: 'address', remedy: 'Let the proxy forward all paths to the gateways.' });
  await new Promise((resolve) => server.close(resolve));
  const [nothing, ...rest] = await checksOf(url);
  expect(nothing).toMatchObject({ name: 'address', remedy: expect.stringContaining('that Parley is running') });
  expect(rest.map(({ name }) => name)).toEqual(['origin']);
});

test('reports plain http on another name than localhost', async () => {
  const { url } = await parley({ PARLEY_HOST: '0.0.0.0' });
  const fault = await faultOf(url.replace('127.0.0.1', '127.0.0.2'));
  expect(fault).toMatchObject({ name: 'address', remedy: expect.stringContaining('Serve it over https') });
});

test('reports a proxy that replaces the Host header', async () => {
  const { url } = await parley();
  const fault = await faultOf(await behind(url, { headers: (sent) => ({ ...sent, host: 'inside:8080' }) }));
  expect(fault).toMatchObject({ name: 'origin', remedy: expect.stringContaining('Set PARLEY_PUBLIC_URL=http://127') });
});

test('reports a proxy that removes the Origin header', async () => {
  const { url } = await parley();
  const fault = await faultOf(await behind(url, { headers: ({ origin: _, ...sent }) => sent }));
  expect(fault).toMatchObject({ name: 'foreign origin', remedy: expect.stringContaining('forward the Origin header') });
});

test('reports a proxy that is not trusted, and one that forwards made-up addresses', async () => {
  const { url } = await parley();
  const forwarding = { headers: (sent: object) => ({ ...sent, 'x-forwarded-for': '203.0.113.9' }) };
  expect(await faultOf(await behind(url, forwarding))).toMatchObject({
    name: 'client address',
    remedy: expect.stringContaining('Set PARLEY_TRUSTED_PROXIES=127.0.0.1'),
  });
  const trusting = await parley({ PARLEY_TRUSTED_PROXIES: '127.0.0.1' });
  expect(await faultOf(await behind(trusting.url, {}))).toMatchObject({
    name: 'client address',
    remedy: expect.stringContaining('replace any X-Forwarded-For'),
  });
});

test('reports a proxy without WebSockets, and one that removes their cookie', async () => {
  const { url } = await parley();
  expect(await faultOf(await behind(url, { refuseUpgrades: 502 }))).toMatchObject({
    name: 'upgrade',
    remedy: expect.stringContaining('with the headers Upgrade and Connection'),
  });
  const fault = await faultOf(
    await behind(url, { headers: (sent) => (sent.upgrade ? { ...sent, cookie: '' } : sent) }),
  );
  expect(fault).toMatchObject({ name: 'upgrade', remedy: 'Let the proxy forward the Cookie header of /ws.' });
});

test('reports a database that accepts no writes', async () => {
  const { url, dataDir } = await parley();
  const { email, password } = await signUp(url);
  const checks: Check[] = [];
  const database = new DatabaseSync(join(dataDir, DATA_FOLDER.database));
  onTestFinished(() => database.close());
  for await (const one of diagnose(new URL(url), { account: { email, password } })) {
    checks.push(one);
    if (one.name === 'upgrade') database.exec('BEGIN IMMEDIATE');
    if (one.name === 'majority write') database.exec('ROLLBACK');
  }
  expect(checks.at(-1)).toMatchObject({
    name: 'majority write',
    remedy: expect.stringContaining('must be up and accept'),
  });
});

test('reports a bus that delivers nothing', async () => {
  const { url } = await parley({}, new LossyBus());
  const fault = await faultOf(url, { roundTripMs: 300 });
  expect(fault).toMatchObject({ name: 'publish round trip', remedy: expect.stringContaining('PARLEY_REDIS_URL') });
});

test('reports too many sign-ups from this address', async () => {
  const { url } = await parley({ PARLEY_LIMIT_SIGNUPS_PER_HOUR: '1' });
  await signUp(url);
  expect(await faultOf(url)).toMatchObject({
    name: 'origin',
    remedy: expect.stringContaining('--email and --password'),
  });
});
