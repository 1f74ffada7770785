import { describeWith } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { prepareBuilds, prepareReleases, type Builds } from '../harness/builds.ts';
import { isBesidePreviousRelease } from '../harness/compositions.ts';
import { logOf } from '../harness/room-log.ts';
import { startEmbedded, type EmbeddedParley } from '../harness/parley.ts';

const PATIENCE = { timeout: 20_000, interval: 100 };

const buildOf = ({ page }: Person) => page.locator('script[type=module]').first().getAttribute('src');

/** The version of the person's database, asked of the browser. */
const databaseVersion = ({ page }: Person) =>
  page.evaluate<number>(
    `indexedDB.databases().then((all) => all.find(({ name }) => name.startsWith('parley-')).version)`,
  );

/** Parley with two builds: the one that was built, and a newer one that is released in the course of a test. */
function withBuilds(prepare: () => Promise<Builds>) {
  let builds: Builds;
  let parley: EmbeddedParley;
  let browser: Browser;

  beforeAll(async () => {
    builds = await prepare();
    [parley, browser] = await Promise.all([
      startEmbedded({ env: { PARLEY_WEB_DIR: builds.folder, PARLEY_LIMIT_COMMANDS_PER_SECOND: '0' } }),
      launchBrowser(),
    ]);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
    builds?.remove();
  });

  return {
    /** A person with a room open in a tab of the older build. */
    signUp: async (name: string, room: string) => {
      const person = await Person.signUp(browser, parley.urls[0], name);
      await person.createRoom(room, []);
      return person;
    },
    release: () => builds.release(),
    connections: () => parley.metric('parley_connections'),
    url: () => parley.urls[0],
  };
}

describeWith(['browser'], 'two builds of the app in one browser', () => {
  describe.each(
    isBesidePreviousRelease
      ? [{ name: 'the older one of the previous release', prepare: prepareReleases }]
      : [{ name: 'on one version of the database', prepare: () => prepareBuilds() }],
  )('$name', ({ prepare }) => {
    const world = withBuilds(prepare);

    test('have one engine, one socket and each message once, whichever tab ends first', async () => {
      const old = await world.signUp('Ada', 'Builds');
      await old.say('from the old one');
      await old.sees('from the old one');
      world.release();
      const newer = await old.openTab(old.page.url());
      await newer.sees('from the old one');
      expect(await buildOf(newer)).not.toBe(await buildOf(old));

      const texts = ['from the old one'];
      for (const [person, text] of [
        [old, 'through the relay'],
        [newer, 'at the engine'],
        [old, 'through the relay again'],
      ] as const) {
        await person.say(text);
        texts.push(text);
        await Promise.all([old, newer].map((each) => each.sees(text)));
        expect(await world.connections()).toBe(1);
      }
      // Typed at the one, it shows at the other, too.
      await old.composer.fill('half a sentence');
      await vi.waitFor(async () => expect(await newer.composer.inputValue()).toBe('half a sentence'), PATIENCE);

      await newer.page.close();
      await old.say('half a sentence, and the old one goes on');
      await old.sees('half a sentence, and the old one goes on');
      texts.push('half a sentence, and the old one goes on');
      await vi.waitFor(async () => expect(await world.connections()).toBe(1), PATIENCE);

      const again = await old.openTab(old.page.url());
      await again.sees('half a sentence, and the old one goes on');
      await old.page.close();
      await again.say('the newer one alone');
      await again.sees('the newer one alone');
      texts.push('the newer one alone');
      expect(await world.connections()).toBe(1);
      expect(await again.shownTexts()).toEqual(texts);
      expect((await logOf(again)).map(({ text }) => text)).toEqual(texts);
      await again.context.close();
      await vi.waitFor(async () => expect(await world.connections()).toBe(0), PATIENCE);
    });
  });

  const describeOnce = isBesidePreviousRelease ? () => undefined : describe;
  describeOnce('on two versions of the database', () => {
    const world = withBuilds(() => prepareBuilds('e2e/harness/next-database-version.vite.config.ts'));

    test('the old tab lets go of it; nothing is lost; and once only the newer can read it, the old page is loaded anew', async () => {
      const old = await world.signUp('Ada', 'Versions');
      await old.say('stored by the old one');
      await old.sees('stored by the old one');
      await old.composer.fill('a draft of the old one');
      await old.composer.blur();
      const before = await databaseVersion(old);
      const oldBuild = await buildOf(old);

      world.release();
      const newer = await old.openTab(old.page.url());
      await vi.waitFor(async () => expect(await newer.composer.inputValue()).toBe('a draft of the old one'), PATIENCE);
      await expect.poll(() => databaseVersion(newer)).toBe(before + 1);
      await old.say('sent by way of the newer one');
      await Promise.all([old, newer].map((each) => each.sees('sent by way of the newer one')));
      await newer.composer.fill('a draft of the newer one');
      await vi.waitFor(async () => expect(await old.composer.inputValue()).toBe('a draft of the newer one'), PATIENCE);
      expect(await world.connections()).toBe(1);

      // On a busy machine it may be loaded anew before: its engine was alone for a moment and could not read it any more.
      await newer.page.close();
      await vi.waitFor(async () => expect(await buildOf(old)).not.toBe(oldBuild), PATIENCE);
      await vi.waitFor(async () => expect(await old.composer.inputValue()).toBe('a draft of the newer one'), PATIENCE);
      await old.say('and on');
      await old.sees('and on');
      expect((await logOf(old)).map(({ text }) => text)).toEqual([
        'stored by the old one',
        'sent by way of the newer one',
        'and on',
      ]);
      await vi.waitFor(async () => expect(await world.connections()).toBe(1), PATIENCE);
      await old.context.close();
    });
  });
});
