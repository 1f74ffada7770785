import { describeWith } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCALES } from '../../web/src/i18n/locales.ts';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startEmbedded, type EmbeddedParley } from '../harness/parley.ts';

/** Wide, as on a tablet, and as on a phone: pixels. */
const WIDTHS = [1280, 820, 390];

describeWith(['browser'], 'languages', () => {
  let parley: EmbeddedParley;
  let browser: Browser;
  let ada: Person;

  beforeAll(async () => {
    [parley, browser] = await Promise.all([startEmbedded(), launchBrowser()]);
    ada = await Person.signUp(browser, parley.urls[0], 'Ada');
    await ada.createRoom('Engines', []);
    await ada.say('Hello');
    await ada.sees('Hello');
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  });

  const choose = async (name: string): Promise<void> => {
    await ada.page
      .locator('nav, aside')
      .getByRole('button', { name: /Account|帳號|الحساب/ })
      .click();
    await ada.page.getByRole('menuitemradio', { name, exact: true }).click();
    await ada.page.keyboard.press('Escape');
  };

  test.each(LOCALES.map(({ locale, name }) => [name, locale] as const))(
    '%s is chosen at once, kept, and fits on every screen',
    async (name, locale) => {
      await choose(name);
      const direction = locale === 'ar' ? 'rtl' : 'ltr';
      const stated = () =>
        ada.page.evaluate('[document.documentElement.lang, document.documentElement.dir || "ltr"].join(" ")');
      await expect.poll(stated).toBe(`${locale} ${direction}`);
      await ada.page.reload();
      await ada.page.locator('textarea').waitFor();
      expect(await stated()).toBe(`${locale} ${direction}`);
      for (const width of WIDTHS) {
        await ada.page.setViewportSize({ width, height: 844 });
        const overflow = await ada.page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(overflow, `${name} at ${width}`).toBe(0);
      }
      await ada.page.setViewportSize({ width: 1280, height: 800 });
      // What is written keeps its own direction.
      const written = `getComputedStyle(document.querySelector('[data-message-id] .message-paragraph')).direction`;
      expect(await ada.page.evaluate(written)).toBe('ltr');
    },
  );

  test.each(LOCALES.map(({ locale }) => [locale] as const))(
    '%s is what a browser that prefers it gets',
    async (locale) => {
      const context = await browser.newContext({ locale });
      const page = await context.newPage();
      await page.goto(`${parley.urls[0]}/login`);
      await page.locator('input[type=email]').waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe(locale);
      await context.close();
    },
  );
});
