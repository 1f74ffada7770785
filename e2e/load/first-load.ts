/**
 * What opening Parley costs: every asset of the first load with its size, and the time until the first message is shown,
 * from the network (a browser that was never here) and from the cache (the same browser again).
 * On a built Parley: `node --conditions=source e2e/load/first-load.ts`.
 */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { MessageId, RoomId } from '@parley/protocol';
import { ProtocolClient, signUp } from '@parley/testing';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from '../harness/browser.ts';
import { startEmbedded } from '../harness/parley.ts';

const MESSAGES = 50;
const LAST_MESSAGE = `Message ${MESSAGES} of the first load`;
const RUNS = 7;
const LIMIT_KB = 150;

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** A person with a room that has something in it, and the session's cookie. */
async function prepare(url: string): Promise<{ cookie: string; path: string }> {
  const { cookie } = await signUp(url);
  const client = await ProtocolClient.connect(`${url.replace('http', 'ws')}/ws`, { cookie, origin: url });
  await client.command('create_connection', { protocol: 1 });
  const roomId = randomUUID() as RoomId;
  await client.command('create_room', { roomId, name: 'First load', memberIds: [] });
  for (let n = 1; n <= MESSAGES; n += 1) {
    const messageId = randomUUID() as MessageId;
    await client.command('create_message', { roomId, messageId, text: `Message ${n} of the first load` });
  }
  await client.close();
  return { cookie, path: `/rooms/${roomId}` };
}

/** Milliseconds from navigation until the newest message stands on the screen. */
async function timeToMessage(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'commit' });
  await page.getByText(LAST_MESSAGE, { exact: true }).last().waitFor();
  const milliseconds = await page.evaluate<number>('performance.now()');
  await page.close();
  return milliseconds;
}

async function newBrowserOf(browser: Browser, url: string, cookie: string): Promise<BrowserContext> {
  const [name = '', value = ''] = cookie.split('=');
  const context = await browser.newContext();
  await context.addCookies([{ name, value, url }]);
  return context;
}

/** Sizes, compressed, of what a first visit loads before it shows a message. Returns those of the JavaScript together. */
async function listAssets(context: BrowserContext, origin: string, path: string): Promise<number> {
  const page = await context.newPage();
  const paths = new Set<string>();
  context.on('request', (request) => {
    // What the service worker stores for later is nothing that the first message waits for.
    if (request.serviceWorker() === null) paths.add(new URL(request.url()).pathname);
  });
  await page.goto(`${origin}${path}`);
  await page.getByText(LAST_MESSAGE, { exact: true }).last().waitFor();
  await page.close();
  let scripts = 0;
  write('| asset | kB, gzip |\n|-|-|');
  for (const asset of [...paths].filter((each) => !each.startsWith('/api/'))) {
    const bytes = gzipSync(await (await fetch(`${origin}${asset}`)).bytes()).length;
    if (asset.endsWith('.js')) scripts += bytes;
    write(`| ${asset} | ${kilobytes(bytes)} |`);
  }
  return scripts;
}

const parley = await startEmbedded({ env: { PARLEY_LIMIT_COMMANDS_PER_SECOND: '0' } });
const browser = await launchBrowser();
try {
  const [url] = parley.urls;
  const { cookie, path } = await prepare(url);
  const listing = await newBrowserOf(browser, url, cookie);
  const scripts = await listAssets(listing, url, path);
  await listing.close();
  const cold: number[] = [];
  const warm: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const context = await newBrowserOf(browser, url, cookie);
    cold.push(await timeToMessage(context, `${url}${path}`));
    warm.push(await timeToMessage(context, `${url}${path}`));
    await context.close();
  }
  write(`\nJavaScript of the first load: ${kilobytes(scripts)} kB gzip (limit ${LIMIT_KB})`);
  write(
    `First message shown, median of ${RUNS}: ${median(cold).toFixed(0)} ms from the network, ${median(warm).toFixed(0)} ms again`,
  );
  if (scripts > LIMIT_KB * 1000) process.exitCode = 1;
} finally {
  await browser.close();
  await parley.stop();
}
