import type { Browser } from 'playwright-core';
import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { startEmbedded, type RunningParley } from '../harness/parley.ts';

describeWith(['browser'], 'plain http on another name than localhost', () => {
  let parley: RunningParley;
  let browser: Browser;

  beforeAll(async () => {
    const flags = ['--host-resolver-rules=MAP chat.example 127.0.0.1'];
    [parley, browser] = await Promise.all([startEmbedded(), launchBrowser(flags)]);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  });

  test('explains that TLS is required and how to set it up', async () => {
    const { port } = new URL(parley.urls[0]);
    const page = await browser.newPage();
    await page.goto(`http://chat.example:${port}/rooms/room-0123456789abcdef`);
    await page.getByRole('heading', { name: 'Parley needs a secure connection' }).waitFor();
    const text = await page.locator('body').innerText();
    for (const setting of ['PARLEY_TLS_CERT', 'PARLEY_TLS_KEY', 'PARLEY_PUBLIC_URL']) expect(text).toContain(setting);
    expect(await page.getByRole('link').getAttribute('href')).toBe(`https://chat.example:${port}`);
  });
});
