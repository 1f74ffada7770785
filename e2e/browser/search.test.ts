import { describeWith } from '@parley/testing';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startEmbedded, type RunningParley } from '../harness/parley.ts';

const FILLERS = 45;

describeWith(['browser'], 'the search of messages', () => {
  let parley: RunningParley;
  let browser: Browser;
  let ada: Person;
  let grace: Person;

  beforeAll(async () => {
    [parley, browser] = await Promise.all([
      startEmbedded({ env: { PARLEY_LIMIT_COMMANDS_PER_SECOND: '0' } }),
      launchBrowser(),
    ]);
    ada = await Person.signUp(browser, parley.urls[0], 'Ada');
    grace = await Person.signUp(browser, parley.urls[0], 'Grace');
    await ada.createRoom('Secrets', []);
    await says(ada, 'The zeppelin is a secret');
    await ada.createRoom('Engines', ['Grace']);
    await says(ada, 'The zeppelin flies at noon');
    await says(ada, '明天下午在台北開會');
    for (let n = 1; n <= FILLERS; n += 1) await says(ada, `Line ${n}`);
    await ada.createRoom('Airships', ['Grace']);
    await says(ada, 'A Zeppelin <b>waits</b>');
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  });

  const says = async (person: Person, text: string): Promise<void> => {
    await person.say(text);
    await person.sees(text);
  };
  const panel = (person: Person): Locator => person.page.getByRole('complementary', { name: 'Search' });
  const field = (person: Person): Locator => panel(person).getByRole('textbox', { name: 'Search messages' });
  const results = (person: Person): Locator => panel(person).getByRole('option');
  const focused = (person: Person): Promise<unknown> =>
    person.page.evaluate(`document.activeElement?.getAttribute('aria-label')`);
  /** The index follows what is written at a short distance: looked for anew until it is there. */
  const finds = async (person: Person, query: string, texts: readonly string[]): Promise<void> => {
    await expect
      .poll(
        async () => {
          await field(person).fill('');
          await field(person).fill(query);
          await results(person).first().or(panel(person).getByText('No messages found')).waitFor();
          return results(person).locator('[dir=auto]').allInnerTexts();
        },
        { timeout: 20_000 },
      )
      .toEqual(texts);
  };

  test('finds a word in all of one’s rooms, newest first, and never in another’s', async () => {
    await grace.page.getByRole('button', { name: 'Search messages' }).click();
    await finds(grace, 'zeppelin', ['A Zeppelin <b>waits</b>', 'The zeppelin flies at noon']);
    expect(await results(grace).locator('mark').allInnerTexts()).toEqual(['Zeppelin', 'zeppelin']);
    await results(grace).first().getByText('in Airships').waitFor();
    await finds(grace, 'secret', []);
  });

  test('goes to the message in the history, and stays open for the next', async () => {
    await finds(grace, 'zeppelin', ['A Zeppelin <b>waits</b>', 'The zeppelin flies at noon']);
    await field(grace).press('ArrowDown');
    await field(grace).press('Enter');
    await grace.sees('The zeppelin flies at noon');
    expect(await field(grace).inputValue()).toBe('zeppelin');
  });

  test('finds a Chinese word, in one room, by one person', async () => {
    await panel(grace).getByRole('button', { name: 'This room' }).click();
    await finds(grace, '台北', ['明天下午在台北開會']);
    await finds(grace, 'zeppelin', ['The zeppelin flies at noon']);
    await panel(grace).getByRole('button', { name: 'From anyone' }).click();
    await grace.page.getByRole('option', { name: 'Grace' }).click();
    await panel(grace).getByText('No messages found').waitFor();
    await panel(grace).getByRole('button', { name: 'From Grace' }).click();
    await grace.page.getByRole('option', { name: 'Ada' }).click();
    await results(grace).getByText('The zeppelin flies at noon').waitFor();
  });

  test('loads more as one scrolls to the end', async () => {
    await finds(grace, `line ${FILLERS}`, [`Line ${FILLERS}`]);
    await field(grace).fill('line');
    for (const last of [26, 6, 1])
      await results(grace).getByText(`Line ${last}`, { exact: true }).scrollIntoViewIfNeeded();
    expect(await results(grace).count()).toBe(FILLERS);
  });

  test('Escape closes it and gives the focus back', async () => {
    await field(grace).press('Escape');
    await panel(grace).waitFor({ state: 'hidden' });
    await grace.composer.focus();
    await grace.page.keyboard.press('Control+Shift+F');
    await field(grace).waitFor();
    await expect.poll(() => focused(grace)).toBe('Search messages');
    await grace.page.keyboard.press('Escape');
    await expect.poll(() => focused(grace)).toBe('Message');
  });

  test('shows that a result was deleted meanwhile', async () => {
    await grace.page.keyboard.press('Control+Shift+F');
    await finds(grace, 'noon', ['The zeppelin flies at noon']);
    await grace.openRoom('Airships');
    await panel(grace).getByRole('button', { name: 'All rooms' }).click();
    await finds(grace, 'noon', ['The zeppelin flies at noon']);
    await ada.openRoom('Engines');
    await ada.page.getByRole('button', { name: 'Search this room' }).click();
    await finds(ada, 'noon', ['The zeppelin flies at noon']);
    await results(ada).first().click();
    const message = ada.messages.locator('[data-message-id]').filter({ hasText: 'The zeppelin flies at noon' });
    await message.hover();
    await ada.page.getByRole('toolbar').getByRole('button', { name: 'More actions' }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete message' }).click();
    await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Delete message' }).click();
    await results(ada).getByText('Message deleted').waitFor();
    await results(grace).first().click();
    await results(grace).getByText('Message deleted').waitFor();
  });

  test('on a phone it takes the whole pane, and a result closes it', async () => {
    const phone = await grace.context.newPage();
    await phone.setViewportSize({ width: 390, height: 844 });
    await phone.goto(parley.urls[0]);
    await phone.getByRole('button', { name: 'Search messages' }).click();
    const dialog = phone.getByRole('dialog', { name: 'Search' });
    await dialog.getByRole('textbox', { name: 'Search messages' }).fill('台北');
    await dialog.getByRole('option').first().click();
    await dialog.waitFor({ state: 'hidden' });
    await phone.getByRole('log', { name: 'Messages' }).getByText('明天下午在台北開會').waitFor();
  });
});
