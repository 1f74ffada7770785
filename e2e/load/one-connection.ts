/**
 * Measures what docs/one-connection.md tells: connections, bytes and server memory of 1, 5 and 20 tabs of one person, in
 * one browser profile (one connection for all) and each in a profile of its own (a connection for each).
 * On a built Parley: `node --conditions=source e2e/load/one-connection.ts [tabs …]`.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MessageId, RoomId, UserBody } from '@parley/protocol';
import { ProtocolClient, signUp } from '@parley/testing';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startFragile } from '../harness/outage.ts';

const TABS = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 5, 20];
const MESSAGES = 200;
const TEXT = 'A message of about the length that people write to each other in a room, give or take.';

async function measure(tabs: number, shared: boolean) {
  const [fragile, browser] = await Promise.all([
    startFragile({ env: { PARLEY_LIMIT_COMMANDS_PER_SECOND: '0', PARLEY_LIMIT_CONNECTIONS_PER_USER: '0' } }),
    launchBrowser(),
  ]);
  const { parley, proxy, url } = fragile;
  const [direct] = parley.urls;
  const ada = await Person.signUp(browser, url, 'Ada');
  await ada.page.getByRole('button', { name: 'Account' }).waitFor();
  const { user } = JSON.parse(await ada.page.evaluate<string>('fetch("/api/me").then((me) => me.text())')) as UserBody;

  const { cookie } = await signUp(direct, { displayName: 'Bob' });
  const bob = await ProtocolClient.connect(`${direct.replace('http', 'ws')}/ws`, { cookie, origin: direct });
  await bob.command('create_connection', { protocol: 1 });
  const roomId = randomUUID() as RoomId;
  await bob.command('create_room', { roomId, name: 'Load', memberIds: [user.userId] });

  const before = await residentBytes(parley.processId);
  const pages = await openTabs(browser, ada, `${url}/rooms/${roomId}`, tabs, shared);
  const bytesBefore = proxy.bytes;
  for (let n = 1; n <= MESSAGES; n += 1) {
    await bob.command('create_message', { roomId, messageId: randomUUID() as MessageId, text: `${TEXT} ${n}` });
  }
  for (const page of pages) await page.getByText(`${TEXT} ${MESSAGES}`).first().waitFor({ timeout: 180_000 });
  const result = {
    tabs,
    mode: shared ? 'one connection for all' : 'a connection for each',
    // Less Bob's own.
    connections: (await parley.metric('parley_connections')) - 1,
    bytes: proxy.bytes - bytesBefore,
    serverMemoryBytes: (await residentBytes(parley.processId)) - before,
  };
  await bob.close();
  await browser.close();
  await fragile.stop();
  return result;
}

/** All in Ada's profile, or each in a profile that has her session. */
async function openTabs(browser: Browser, ada: Person, url: string, tabs: number, shared: boolean): Promise<Page[]> {
  const pages = [ada.page];
  const storageState = await ada.context.storageState();
  while (pages.length < tabs) {
    const context = shared ? ada.context : await browser.newContext({ storageState });
    pages.push(await context.newPage());
  }
  for (const page of pages) {
    await page.goto(url);
    await page.getByRole('button', { name: 'Members' }).waitFor();
  }
  return pages;
}

async function residentBytes(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

for (const tabs of TABS) {
  for (const shared of [true, false]) process.stdout.write(`${JSON.stringify(await measure(tabs, shared))}\n`);
}
