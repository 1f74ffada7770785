import { describeWith } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { prepareBuilds, type Builds } from '../harness/builds.ts';
import { paint, pick, tray } from '../harness/images.ts';
import { startEmbedded, type EmbeddedParley } from '../harness/parley.ts';

describeWith(['browser'], 'a browser that refuses IndexedDB', () => {
  let builds: Builds;
  let parley: EmbeddedParley;
  let browser: Browser;
  let ada: Person;

  beforeAll(async () => {
    builds = await prepareBuilds('e2e/harness/refused-database.vite.config.ts');
    builds.release();
    [parley, browser] = await Promise.all([startEmbedded({ env: { PARLEY_WEB_DIR: builds.folder } }), launchBrowser()]);
    ada = await Person.signUp(browser, parley.urls[0], 'Ada');
    await ada.createRoom('Engines', []);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
    builds?.remove();
  });

  test('stores nothing, and shows that to its user', async () => {
    const notice = ada.page.getByRole('status', { name: 'Storage' });
    await notice.getByText('drafts and unsent messages are lost when the last tab closes').waitFor();
    expect(await ada.page.evaluate('indexedDB.databases().then((all) => all.length)')).toBe(0);
  });

  test('chats with text and images in all tabs, on one connection', async () => {
    const other = await ada.openTab(ada.page.url());
    await ada.say('Written without storage');
    await other.sees('Written without storage');
    await pick(ada, [await paint(ada.page, { width: 60, height: 40, colour: 'teal' })]);
    await tray(ada).first().waitFor();
    await ada.say('With a picture');
    await other.messages.getByRole('button', { name: /^Open image/ }).waitFor();
    await ada.messages.locator('[data-status=success]').nth(1).waitFor();
    await ada.composer.fill('half a sentence');
    await expect.poll(() => other.composer.inputValue()).toBe('half a sentence');
    expect(await parley.metric('parley_connections')).toBe(1);
    await ada.page.reload();
    await expect.poll(() => ada.composer.inputValue()).toBe('half a sentence');
    await other.page.close();
  });

  test('forgets with the last tab what was not sent, and nothing else', async () => {
    const url = ada.page.url();
    await ada.page.close();
    await expect.poll(() => parley.metric('parley_connections')).toBe(0);
    const page = await ada.context.newPage();
    await page.goto(url);
    await page.getByRole('log', { name: 'Messages' }).getByText('Written without storage').waitFor();
    expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('');
  });
});
