import type { Browser } from 'playwright-core';
import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startEmbedded, type RunningParley } from '../harness/parley.ts';

describeWith(['browser'], 'all tabs of a person', () => {
  let parley: RunningParley;
  let browser: Browser;

  beforeAll(async () => {
    [parley, browser] = await Promise.all([startEmbedded(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  });

  const connections = () => parley.metric('parley_connections');

  test('share one connection, which ends with the last of them', async () => {
    const ada = await Person.signUp(browser, parley.urls[0], 'Ada');
    await ada.createRoom('Tabs', []);
    const address = ada.page.url();
    const [second, third] = await Promise.all([ada.openTab(address), ada.openTab(address)]);
    await second.say('from the second tab');
    await Promise.all([ada, second, third].map((tab) => tab.sees('from the second tab')));
    await third.say('from the third tab');
    await Promise.all([ada, second, third].map((tab) => tab.sees('from the third tab')));
    expect(await connections()).toBe(1);

    await ada.page.close();
    await second.page.close();
    await third.say('still here');
    await third.sees('still here');
    expect(await connections()).toBe(1);

    await third.page.close();
    await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 10_000 });
  });
});
