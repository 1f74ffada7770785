import { describeWith } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startFragile, type FragileParley } from '../harness/outage.ts';

interface Manifest {
  readonly name: string;
  readonly start_url: string;
  readonly display: string;
  readonly icons: readonly { readonly src: string; readonly sizes: string; readonly purpose: string }[];
}

/** Whether the message has come into the database by now: the cache is written in the background. */
const IS_KEPT = `indexedDB.databases().then(
  (all) =>
    new Promise((resolve) => {
      const opening = indexedDB.open(all.find(({ name }) => name.startsWith('parley-')).name);
      opening.onsuccess = () => {
        const reading = opening.result.transaction('cachedLog').objectStore('cachedLog').getAll();
        reading.onsuccess = () => {
          opening.result.close();
          resolve(JSON.stringify(reading.result).includes('Kept for the tunnel'));
        };
      };
    }),
)`;

describeWith(['browser'], 'Parley as an app', () => {
  let fragile: FragileParley;
  let browser: Browser;
  let ada: Person;

  beforeAll(async () => {
    [fragile, browser] = await Promise.all([startFragile(), launchBrowser()]);
    ada = await Person.signUp(browser, fragile.url, 'Ada');
    await ada.createRoom('Engines', []);
    await ada.say('Kept for the tunnel');
    await ada.messages.locator('[data-status=success]').waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await fragile?.stop();
  });

  test('can be installed: its manifest is whole, and Chromium has nothing against it', async () => {
    const href = await ada.page.locator('link[rel=manifest]').getAttribute('href');
    const manifest = (await (await fetch(new URL(href ?? '', fragile.url))).json()) as Manifest;
    expect(manifest).toMatchObject({ name: 'Parley', start_url: '/', display: 'standalone' });
    expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
    expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable');
    for (const { src } of manifest.icons) {
      const { status, headers } = await fetch(new URL(src, fragile.url));
      expect([status, headers.get('content-type')?.split('/')[0]], src).toEqual([200, 'image']);
    }
    const devTools = await ada.context.newCDPSession(ada.page);
    const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors');
    // A private window, as those of tests are, cannot install anything.
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
  });

  test('opens without a connection, with its rooms and messages, and takes what is written', async () => {
    await ada.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await expect.poll(() => ada.page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
    await expect.poll(() => ada.page.evaluate(IS_KEPT)).toBe(true);
    fragile.proxy.cut();
    await ada.page.reload();
    await ada.sees('Kept for the tunnel');
    await ada.rooms.getByRole('link', { name: 'Engines' }).waitFor();
    await ada.say('Written in the tunnel');
    await ada.sees('Written in the tunnel');
    fragile.proxy.restore();
    await expect.poll(() => ada.messages.locator('[data-status=success]').count(), { timeout: 30_000 }).toBe(2);
  });
});
