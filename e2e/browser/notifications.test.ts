import { describeWith } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startEmbedded, type EmbeddedParley } from '../harness/parley.ts';

/** A page whose visibility the test sets, since pages of a headless browser are always visible. */
const HIDING = `
  let isHidden = false;
  Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') });
  Object.defineProperty(document, 'hidden', { get: () => isHidden });
  window.hide = (hidden) => {
    isHidden = hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  };
`;

describeWith(['browser'], 'notifications', () => {
  let parley: EmbeddedParley;
  let browser: Browser;
  let ada: Person;
  let other: Person;
  let grace: Person;

  beforeAll(async () => {
    [parley, browser] = await Promise.all([startEmbedded(), launchBrowser()]);
    const [url] = parley.urls;
    ada = await Person.signUp(browser, url, 'Ada', HIDING);
    await ada.context.grantPermissions(['notifications']);
    grace = await Person.signUp(browser, url, 'Grace');
    await ada.createRoom('Engines', ['Grace']);
    await ada.createRoom('Garden', ['Grace']);
    other = await ada.openTab(url);
    await ada.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await ada.page.reload();
    await ada.composer.waitFor();
    await other.rooms.getByRole('link', { name: 'Engines' }).waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  });

  const hide = async (hidden: boolean): Promise<void> => {
    for (const { page } of [ada, other]) await page.evaluate(`window.hide(${hidden})`);
  };
  /** What stands on the desktop, as \`title | body\`, and is taken away. */
  const take = (): Promise<string[]> =>
    ada.page.evaluate<string[]>(`navigator.serviceWorker.ready
      .then((registration) => registration.getNotifications())
      .then((shown) => shown.map((notification) => {
        notification.close();
        return notification.title + ' | ' + notification.body;
      }))`);
  const title = () => other.page.title();
  const icon = () => other.page.locator('link[rel=icon]').getAttribute('href');

  test('while a tab is looked at there is none', async () => {
    await grace.openRoom('Engines');
    await grace.say('Seen at once');
    await expect.poll(title).toContain('(1)');
    expect(await take()).toEqual([]);
  });

  test('hidden tabs get one together, and say in title and icon how much is unread', async () => {
    await hide(true);
    await grace.say('While nobody looks');
    await expect.poll(title).toContain('(2)');
    await expect.poll(take).toEqual(['Engines | Grace: While nobody looks']);
    expect(decodeURIComponent((await icon()) ?? '')).toContain('>2<');
    expect(await take()).toEqual([]);
  });

  test('a room that is muted stays silent, and is counted', async () => {
    await hide(false);
    await other.openRoom('Garden');
    await other.page.getByRole('button', { name: 'Mute the room' }).click();
    await other.page.getByRole('button', { name: 'Unmute the room' }).waitFor();
    await other.page.goto(parley.urls[0]);
    await other.rooms.getByRole('link', { name: 'Garden' }).waitFor();
    await hide(true);
    await grace.openRoom('Garden');
    await grace.say('Nobody is disturbed');
    await grace.openRoom('Engines');
    await grace.say('Somebody is');
    await expect.poll(take).toEqual(['Engines | Grace: Somebody is']);
    await hide(false);
  });
});
