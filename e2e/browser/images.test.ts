import type { Browser, Page } from 'playwright-core';
import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { paint, pick, tray, type ImageFile } from '../harness/images.ts';
import { startCluster, startEmbedded, type RunningParley } from '../harness/parley.ts';

const MODES = [
  { mode: 'embedded', needs: ['browser'], start: startEmbedded },
  { mode: 'cluster', needs: ['browser', 'mongo', 'valkey'], start: startCluster },
] as const;

/** Gives files to the page as a paste or a drop does. */
async function transfer(page: Page, kind: 'paste' | 'drop', { name, mimeType, buffer }: ImageFile): Promise<void> {
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob('${buffer.toString('base64')}'), (letter) => letter.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], '${name}', { type: '${mimeType}' }));
    const target = document.querySelector('textarea');
    target.dispatchEvent('${kind}' === 'paste'
      ? new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true })
      : new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
  })()`);
}

/** Resolves when every image of the open room is there. Asked again and again: the page's policy forbids to wait within it. */
const loaded = (page: Page) =>
  vi.waitFor(async () => {
    const complete = `[...document.querySelectorAll('[role=log] img')].every((image) => image.naturalWidth > 0)`;
    expect(await page.evaluate(complete)).toBe(true);
  });

for (const { mode, needs, start } of MODES) {
  describeWith(needs, `images in a browser (${mode})`, () => {
    let parley: RunningParley;
    let browser: Browser;
    const person = (name: string, index: number) =>
      Person.signUp(browser, parley.urls[index % parley.urls.length] ?? '', name);

    beforeAll(async () => {
      [parley, browser] = await Promise.all([start(), launchBrowser()]);
    });
    afterAll(async () => {
      await browser?.close();
      await parley?.stop();
    });

    test('picked, pasted and dropped ones are sent, and seen by others in their size, large, and by nobody else', async () => {
      const [ada, grace, eve] = [await person('Ada', 0), await person('Grace', 1), await person('Eve', 0)];
      await ada.createRoom('Pictures', ['Grace']);
      await grace.openRoom('Pictures');
      await pick(ada, [await paint(ada.page, { width: 800, height: 400, colour: 'teal' })]);
      await transfer(ada.page, 'paste', await paint(ada.page, { width: 200, height: 600, colour: 'orange' }));
      await tray(ada).nth(1).waitFor();
      await transfer(ada.page, 'drop', await paint(ada.page, { width: 300, height: 300, colour: 'navy' }));
      await tray(ada).nth(2).waitFor();
      await ada.page.getByRole('button', { name: 'Remove navy.png' }).click();
      await tray(ada).nth(2).waitFor({ state: 'detached' });
      await ada.say('Look at these');
      await tray(ada).first().waitFor({ state: 'detached' });

      await grace.sees('Look at these');
      const images = grace.messages.getByRole('button', { name: /^Open image/ });
      expect(await images.count()).toBe(2);
      await loaded(grace.page);

      await images.first().click();
      const lightbox = grace.page.getByRole('dialog');
      await lightbox.getByRole('img', { name: /^Image 1 of 2/ }).waitFor();
      await grace.page.keyboard.press('ArrowRight');
      const second = lightbox.getByRole('img', { name: /^Image 2 of 2/ });
      await second.waitFor();
      const hasFocus = `document.querySelector('[role=dialog]').contains(document.activeElement)`;
      expect(await grace.page.evaluate(hasFocus)).toBe(true);
      const address = String(await second.getAttribute('src'));
      await grace.page.keyboard.press('Escape');
      await lightbox.waitFor({ state: 'hidden' });

      const status = (page: Page) => page.evaluate(`fetch('${address}').then((answer) => answer.status)`);
      expect([await status(ada.page), await status(grace.page), await status(eve.page)]).toEqual([200, 200, 404]);
      await Promise.all([ada, grace, eve].map(({ context }) => context.close()));
    });

    test('one alone has its own proportions from the first moment on', async () => {
      const ada = await person('Ida', 0);
      await ada.createRoom('Alone', []);
      await pick(ada, [await paint(ada.page, { width: 1_600, height: 800, colour: 'teal' })]);
      await tray(ada).first().waitFor();
      await ada.composer.press('Enter');
      const box = ada.messages.getByRole('button', { name: /^Open image/ });
      await box.waitFor();
      const before = await box.boundingBox();
      await ada.messages.locator('[data-status=success]').waitFor();
      await loaded(ada.page);
      const after = await box.boundingBox();
      expect([after?.width, after?.height]).toEqual([400, 200]);
      expect(before).toEqual(after);
      await ada.context.close();
    });

    test('of a draft are in every tab, and there again after a reload', async () => {
      const ada = await person('Una', 0);
      await ada.createRoom('Drafts', []);
      const other = await ada.openTab(ada.page.url());
      const files = await Promise.all(
        ['red', 'blue'].map((colour) => paint(ada.page, { width: 60, height: 40, colour })),
      );
      await pick(ada, files);
      await tray(other).nth(1).waitFor();
      await ada.page.close();
      await other.page.reload();
      await tray(other).nth(1).waitFor();
      await pick(other, [{ name: 'page.png', mimeType: 'image/png', buffer: Buffer.from('<html>') }]);
      await other.page.getByText('page.png cannot be read: it is damaged, or not an image.').waitFor();
      expect(await tray(other).count()).toBe(2);
      await ada.context.close();
    });
  });
}
