/**
 * `node --conditions=source e2e/load/client.ts [--loaded 10000] [--messages 100000] [--write]`: what the web app does
 * with a busy room, in Chromium: frames while messages arrive, memory after many, typing, and opening a room that is
 * cached. On a built Parley.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageId, RoomId, UserBody } from '@parley/protocol';
import { ProtocolClient, signUp } from '@parley/testing';
import type { Page } from 'playwright-core';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startEmbedded } from '../harness/parley.ts';
import { openRoomScript, TAKE_FRAMES, WATCH_FRAMES, WATCH_KEYS } from './client/page-scripts.ts';
import { rendererBytes } from './client/renderer-memory.ts';
import { commitOf, describeMachine } from './report/machine.ts';
import { renderTable } from './report/markdown.ts';
import { BenchmarksPage } from './report/page.ts';
import { shortNumber } from './report/numbers.ts';
import { percentileOf } from './scenarios/asking.ts';
import { SECTION_ORDER } from './scenarios/scenarios.ts';

const { values } = parseArgs({
  options: {
    loaded: { type: 'string', default: '10000' },
    messages: { type: 'string', default: '100000' },
    write: { type: 'boolean', default: false },
  },
});
const LOADED = Number(values.loaded);
const MESSAGES = Number(values.messages);
const FRAME_SECONDS = 15;
const MESSAGES_PER_SECOND = 50;
const IN_FLIGHT = 64;
const ROOT = join(import.meta.dirname, '..', '..');

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

/** A user who sends messages without a browser. */
class Writer {
  readonly #client: ProtocolClient;
  #written = 0;

  constructor(client: ProtocolClient) {
    this.#client = client;
  }

  get lastText(): string {
    return `Message ${this.#written} of the bench`;
  }

  async createRoom(name: string, memberId: string): Promise<RoomId> {
    const roomId = randomUUID() as RoomId;
    await this.#client.command('create_room', { roomId, name, memberIds: [memberId as never] });
    return roomId;
  }

  async write(roomId: RoomId): Promise<void> {
    this.#written += 1;
    const messageId = randomUUID() as MessageId;
    await this.#client.command('create_message', { roomId, messageId, text: this.lastText });
    // It keeps all that it gets, and finds answers by looking through it.
    this.#client.items.length = 0;
  }

  async writeMany(roomId: RoomId, count: number): Promise<void> {
    for (let left = count; left > 0; left -= IN_FLIGHT) {
      await Promise.all(Array.from({ length: Math.min(left, IN_FLIGHT) }, () => this.write(roomId)));
    }
  }

  async writeSteadily(roomId: RoomId, perSecond: number, seconds: number): Promise<void> {
    const startedAt = performance.now();
    const writing: Promise<void>[] = [];
    for (let n = 0; n < perSecond * seconds; n += 1) {
      await sleep(Math.max(0, startedAt + (n * 1_000) / perSecond - performance.now()));
      writing.push(this.write(roomId));
    }
    await Promise.all(writing);
  }
}

const showsLast = (page: Page, writer: Writer): Promise<void> =>
  page.getByText(writer.lastText, { exact: true }).first().waitFor({ timeout: 120_000 });

const rows: string[][] = [];
const note = (what: string, ...figures: readonly string[]): void => {
  rows.push([what, ...figures]);
  say(`  ${what}: ${figures.join(' | ')}`);
};
const milliseconds = (times: readonly number[], share: number): string =>
  `${shortNumber(percentileOf(sorted(times), share))} ms`;

const parley = await startEmbedded({ env: { PARLEY_LIMIT_COMMANDS_PER_SECOND: '0' } });
const browser = await launchBrowser(['--js-flags=--expose-gc']);
try {
  const [url] = parley.urls;
  const ada = await Person.signUp(browser, url, 'Ada');
  await ada.page.getByRole('button', { name: 'Account' }).waitFor();
  const me = JSON.parse(await ada.page.evaluate<string>('fetch("/api/me").then((me) => me.text())')) as UserBody;
  const { cookie } = await signUp(url, { displayName: 'Bob' });
  const client = await ProtocolClient.connect(`${url.replace('http', 'ws')}/ws`, { cookie, origin: url });
  await client.command('create_connection', { protocol: 1 });
  const writer = new Writer(client);
  const other = await writer.createRoom('The other room', me.user.userId);
  await writer.writeMany(other, 50);
  const lastOfOther = writer.lastText;
  const busy = await writer.createRoom('The busy room', me.user.userId);
  await writer.writeMany(busy, 50);
  const { page } = ada;
  await ada.openRoom('The other room');
  await page.getByText(lastOfOther, { exact: true }).first().waitFor();
  await ada.openRoom('The busy room');
  await showsLast(page, writer);

  const opening: number[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    opening.push(await page.evaluate<number>(openRoomScript('The other room', lastOfOther)));
    opening.push(await page.evaluate<number>(openRoomScript('The busy room', writer.lastText)));
  }
  note('opening a cached room', milliseconds(opening, 0.5), milliseconds(opening, 1), '≤ 50 ms');

  await page.evaluate(WATCH_KEYS);
  await ada.composer.focus();
  await page.keyboard.type('The quick brown fox jumps over the lazy dog.', { delay: 60 });
  const keys = await page.evaluate<number[]>('window.keys');
  note('a key to its letter, painted', milliseconds(keys, 0.5), milliseconds(keys, 0.95), '≤ 16 ms');

  await writer.writeMany(busy, LOADED);
  await showsLast(page, writer);
  await page.evaluate(WATCH_FRAMES);
  await writer.writeSteadily(busy, MESSAGES_PER_SECOND, FRAME_SECONDS);
  const frames = await page.evaluate<number[]>(TAKE_FRAMES);
  await showsLast(page, writer);
  const longest = milliseconds(frames, 1);
  note(
    `a frame, at ${MESSAGES_PER_SECOND} messages/s after ${shortNumber(LOADED)}`,
    milliseconds(frames, 0.95),
    longest,
    'p95 ≤ 16.7 ms, none over 50',
  );

  const half = Math.max(0, Math.floor((MESSAGES - LOADED) / 2));
  const memory: number[] = [];
  for (let step = 0; step < 3; step += 1) {
    if (step > 0) await writer.writeMany(busy, half);
    await showsLast(page, writer);
    await page.evaluate('gc()');
    await sleep(3_000);
    memory.push((await rendererBytes()) / 1e6);
  }
  const [first = 0, middle = 0, last = 0] = memory.map(Math.round);
  note(
    `pages and worker, MB, after ${shortNumber(LOADED)}, half-way and ${shortNumber(MESSAGES)}`,
    `${first}, ${middle}`,
    `${last}`,
    'flat',
  );
} finally {
  await browser.close();
  await parley.stop();
}

const columns = ['what', 'p50 or p95', 'longest or p95', 'to reach'];
say(`\n${renderTable(columns, rows)}`);
if (values.write) {
  const section = {
    scenario: 'client',
    title: 'The web app in a busy room',
    text:
      'Headless Chromium, on the machine that also runs Parley and the writer. A user has a room open in which another ' +
      'user writes. Earlier messages were shown as they arrived, so all of them are loaded.',
    columns,
    rows,
    charts: [],
    notes: [],
    measuredAt: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    commit: await commitOf(ROOT),
  };
  await new BenchmarksPage(join(ROOT, 'docs')).write([section], await describeMachine(), SECTION_ORDER);
}
