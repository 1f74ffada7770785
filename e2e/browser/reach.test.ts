import AxeBuilder from '@axe-core/playwright';
import { describeWith } from '@parley/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { paint, pick, tray } from '../harness/images.ts';
import { startEmbedded, type EmbeddedParley } from '../harness/parley.ts';

/** Resolves when axe finds nothing, in either theme: as `rule: where`. Half faded in is half the contrast for a moment. */
async function isReachable(page: Page, without: readonly string[] = []): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const findings = async (): Promise<string[]> => {
      const { violations } = await new AxeBuilder({ page }).disableRules([...without]).analyze();
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target }) => `${colorScheme}: ${id}: ${target.join(' ')}`),
      );
    };
    await expect.poll(findings).toEqual([]);
  }
}

/**
 * Of pages, not of what opens over them: a menu belongs to its button and not to a landmark, and while it is open what
 * is under it is hidden from screen readers and cannot be reached.
 */
const OVERLAID = ['region', 'page-has-heading-one', 'aria-hidden-focus'];

describeWith(['browser'], 'reach', () => {
  let parley: EmbeddedParley;
  let browser: Browser;
  let ada: Person;
  let grace: Person;
  let url: string;

  beforeAll(async () => {
    [parley, browser] = await Promise.all([startEmbedded(), launchBrowser()]);
    [url] = parley.urls;
    ada = await Person.signUp(browser, url, 'Ada');
    grace = await Person.signUp(browser, url, 'Grace');
    await ada.createRoom('Engines', ['Grace']);
    await ada.say('Hello **Grace**, see https://example.org and `code`');
    await pick(ada, [await paint(ada.page, { width: 60, height: 40, colour: 'teal' })]);
    await tray(ada).first().waitFor();
    await ada.say('With a picture');
    await grace.openRoom('Engines');
    await grace.say('> quoted\n\n- one\n- two');
    await ada.sees('quoted');
    await ada.createRoom('Garden', []);
    await ada.openRoom('Engines');
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  });
  beforeEach(async () => {
    await ada.page.goto(url);
    await ada.openRoom('Engines');
  });

  describe('axe finds nothing', () => {
    test.each(['/login', '/signup', '/nowhere/at/all'])('on %s', async (path) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${url}${path}`);
      await page.getByRole('heading').first().waitFor();
      await isReachable(page);
      await context.close();
    });

    test('on a log-in that was refused', async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${url}/login`);
      await page.getByLabel('E-mail').fill('nobody@example.org');
      await page.getByLabel('Password', { exact: true }).fill('not the password');
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('alert').waitFor();
      await isReachable(page);
      await context.close();
    });

    test('on an invitation that does not work, where one is in no room, and where one is not in the room', async () => {
      const lin = await Person.signUp(browser, url, 'Lin');
      await isReachable(lin.page);
      await lin.page.goto(`${url}/join/${'x'.repeat(22)}`);
      await lin.page.getByRole('heading', { name: 'This invitation does not work' }).waitFor();
      await isReachable(lin.page);
      await lin.page.goto(ada.page.url());
      await lin.page.getByRole('heading', { name: 'You are not in this room' }).waitFor();
      await isReachable(lin.page);
      await lin.context.close();
    });

    test('in a room with messages of every kind', async () => {
      await ada.sees('quoted');
      await isReachable(ada.page);
    });

    test('in a room in which nothing is said, and without a room', async () => {
      await ada.rooms.getByRole('link', { name: 'Garden' }).click();
      await ada.page.getByText('You are the only member').waitFor();
      await isReachable(ada.page);
      await ada.page.goto(url);
      await ada.page.getByText('Choose a room').waitFor();
      await isReachable(ada.page);
    });

    test('in the panels', async () => {
      await ada.page.getByRole('button', { name: 'Members' }).click();
      await ada.page.getByRole('list', { name: 'Members' }).getByText('Grace').waitFor();
      await isReachable(ada.page);
      await ada.page.keyboard.press('Control+Shift+F');
      await ada.page.getByRole('textbox', { name: 'Search messages' }).fill('hello');
      await ada.page.getByRole('listbox', { name: 'Messages found' }).getByRole('option').first().waitFor();
      await isReachable(ada.page);
    });

    test.each([
      ['New room', (page: Page) => page.getByRole('button', { name: 'New room' }).first().click()],
      ['Go to a room or a person', (page: Page) => page.keyboard.press('Control+k')],
      ['Settings', (page: Page) => choose(page, 'Settings')],
      ['Keyboard shortcuts', (page: Page) => choose(page, 'Keyboard shortcuts')],
    ])('in the dialog %s', async (name, open) => {
      await open(ada.page);
      await ada.page.getByRole('dialog', { name }).or(ada.page.getByRole('alertdialog', { name })).waitFor();
      await isReachable(ada.page);
      await ada.page.keyboard.press('Escape');
    });

    test('in the question whether to log out with a draft', async () => {
      await ada.composer.fill('half a sentence');
      await choose(ada.page, 'Log out');
      await ada.page.getByRole('alertdialog', { name: 'Log out?' }).waitFor();
      await isReachable(ada.page);
      await ada.page.keyboard.press('Escape');
      await ada.composer.fill('');
    });

    test('in the account’s menu, and in the picker of emoji', async () => {
      await ada.page.getByRole('button', { name: 'Account' }).click();
      await ada.page.getByRole('menu').waitFor();
      await isReachable(ada.page, OVERLAID);
      await ada.page.keyboard.press('Escape');
      await ada.page.getByRole('button', { name: 'Insert an emoji' }).click();
      await ada.page.locator('emoji-picker').waitFor();
      await isReachable(ada.page, OVERLAID);
      await ada.page.keyboard.press('Escape');
    });

    test('over an image, and on a phone', async () => {
      await ada.messages.getByRole('button', { name: /^Open image/ }).click();
      await ada.page.getByRole('dialog').getByRole('img').waitFor();
      await isReachable(ada.page);
      await ada.page.keyboard.press('Escape');
      await ada.page.setViewportSize({ width: 390, height: 844 });
      await isReachable(ada.page);
      await ada.page.setViewportSize({ width: 1280, height: 800 });
    });
  });

  describe('without a mouse', () => {
    const focused = ({ page }: Person) =>
      page.evaluate<string>(`document.activeElement?.getAttribute('aria-label') ?? ''`);

    test('Ctrl+K finds a room by some of its letters, the arrows and Enter go there, Escape closes', async () => {
      const { page } = ada;
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Go to a room or a person' }).waitFor();
      await page.keyboard.type('gard');
      await page.getByRole('option', { name: /Garden/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Garden' }).waitFor();
      await page.keyboard.press('Control+K');
      await page.getByRole('dialog', { name: 'Go to a room or a person' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      // As an Arabic keyboard sends it.
      await page.evaluate(
        `window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ن', code: 'KeyK', ctrlKey: true }))`,
      );
      await page.getByRole('dialog', { name: 'Go to a room or a person' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await page.keyboard.press('Alt+ArrowDown');
      await page.getByRole('heading', { name: 'Engines' }).waitFor();
    });

    test('a message is written, found in the list, and answered', async () => {
      const { page } = ada;
      await ada.composer.focus();
      await page.keyboard.type('written by keys');
      await page.keyboard.press('Enter');
      const written = ada.messages.locator('[data-message-id][data-status=success]', { hasText: 'written by keys' });
      await written.waitFor();
      for (let step = 0; step < 20 && (await focused(ada)) !== 'Messages'; step += 1) {
        await page.keyboard.press('Shift+Tab');
      }
      expect(await focused(ada)).toBe('Messages');
      await page.keyboard.press('Enter');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowDown');
      expect(await page.evaluate(`document.activeElement.innerText`)).toContain('written by keys');
      await page.getByRole('button', { name: 'Reply', exact: true }).waitFor();
      for (let step = 0; step < 8 && (await focused(ada)) !== 'Reply'; step += 1) await page.keyboard.press('Tab');
      expect(await focused(ada)).toBe('Reply');
      await page.keyboard.press('Enter');
      await page.getByText('Reply to Ada').waitFor();
      await page.keyboard.type('answered by keys');
      await page.keyboard.press('Enter');
      await ada.sees('answered by keys');
    });

    test('what the pointer finds is found by Tab: a visible focus on everything that can be pressed', async () => {
      const { page } = grace;
      await page.evaluate('document.body.focus()');
      const bare: string[] = [];
      for (let step = 0; step < 40; step += 1) {
        await page.keyboard.press('Tab');
        const shown = await page.evaluate<string>(`(() => {
          const focused = document.activeElement;
          if (!focused || focused === document.body) return '';
          const style = getComputedStyle(focused);
          const around = focused.closest('form > div, [class*=focus-within]');
          const isSeen = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || focused.matches('textarea, input') && around;
          return isSeen ? '' : focused.outerHTML.slice(0, 120);
        })()`);
        if (shown !== '') bare.push(shown);
      }
      expect(bare).toEqual([]);
    });
  });

  test('a new message of another user is announced, an own message is not', async () => {
    await ada.openRoom('Engines');
    await grace.say('Did you hear that?');
    const live = ada.page.locator('[aria-live=polite]').filter({ hasText: 'Did you hear that?' });
    await live.waitFor({ state: 'attached' });
    expect(await live.innerText()).toBe('Grace: Did you hear that?');
    await ada.say('I say this myself');
    await ada.sees('I say this myself');
    await grace.say('And this');
    await ada.page.locator('[aria-live=polite]').filter({ hasText: 'Grace: And this' }).waitFor({ state: 'attached' });
    expect(await ada.page.locator('[aria-live=polite]').filter({ hasText: 'I say this myself' }).count()).toBe(0);
  });

  test('nothing moves for those who do not want it', async () => {
    const { page } = ada;
    /** How long the dialog takes to appear: seconds, as CSS has them. */
    const moves = async (reducedMotion: 'reduce' | 'no-preference'): Promise<number> => {
      await page.emulateMedia({ reducedMotion });
      await page.keyboard.press('Control+k');
      const dialog = page.getByRole('dialog', { name: 'Go to a room or a person' });
      await dialog.waitFor();
      const duration = await page.evaluate<string>(
        `getComputedStyle(document.querySelector('[role=dialog]')).animationDuration`,
      );
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      return Number.parseFloat(duration);
    };
    expect(await moves('no-preference')).toBeGreaterThan(0.05);
    expect(await moves('reduce')).toBeLessThan(0.001);
  });
});

async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}
