import { describeWith } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startEmbedded, type RunningParley } from '../harness/parley.ts';

describeWith(['browser'], 'a conversation', () => {
  let parley: RunningParley;
  let browser: Browser;
  let ada: Person;
  let grace: Person;

  beforeAll(async () => {
    [parley, browser] = await Promise.all([startEmbedded(), launchBrowser()]);
    ada = await Person.signUp(browser, parley.urls[0], 'Ada');
    grace = await Person.signUp(browser, parley.urls[0], 'Grace');
    await ada.createRoom('Engines', ['Grace']);
    await grace.rooms.getByRole('link', { name: 'Engines' }).click();
    await grace.messagesOrEmpty();
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  });

  const row = (person: Person, text: string) =>
    person.messages.locator('[data-message-id]').filter({ hasText: text }).first();
  const choose = async (person: Person, text: string, item: string): Promise<void> => {
    await row(person, text).hover();
    await person.page.getByRole('toolbar').getByRole('button', { name: 'More actions' }).click();
    await person.page.getByRole('menuitem', { name: item }).click();
  };

  test('one edits one’s last message with the upper arrow, and all see it', async () => {
    await ada.say('The engin');
    await grace.sees('The engin');
    await ada.sees('The engin');
    await ada.page.locator('[data-status=success]').first().waitFor();
    await ada.composer.press('ArrowUp');
    await ada.page.getByRole('textbox', { name: 'New text' }).fill('The engine');
    await ada.page.keyboard.press('Enter');
    await grace.sees('The engine');
    await row(grace, 'The engine').getByText('edited').waitFor();
  });

  test('a reaction is seen by all, counted, and taken back', async () => {
    await row(grace, 'The engine').hover();
    await grace.page.getByRole('button', { name: 'React with 👍' }).click();
    const chip = row(ada, 'The engine').getByRole('button', { name: '👍 by Grace' });
    await chip.click();
    await row(grace, 'The engine').getByRole('button', { name: '👍 by You and Ada' }).waitFor();
    await row(ada, 'The engine').getByRole('button', { name: /👍/ }).click();
    await chip.waitFor();
  });

  test('an answer shows what it answers, also when that is deleted', async () => {
    await choose(grace, 'The engine', 'Reply');
    await grace.say('It runs on cards, @Ada');
    await row(ada, 'It runs on cards').getByRole('button', { name: 'Ada: The engine' }).waitFor();
    await choose(ada, 'The engine', 'Delete message');
    await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Delete message' }).click();
    await grace.sees('Message deleted');
    await row(grace, 'It runs on cards').getByText('Deleted message', { exact: true }).waitFor();
    expect(await ada.shownTexts()).toEqual(['It runs on cards, @Ada']);
  });

  test('names are completed after an @', async () => {
    await ada.composer.pressSequentially('Well done, @gr');
    await ada.page.getByRole('option', { name: 'Grace' }).waitFor();
    await ada.composer.press('Enter');
    expect(await ada.composer.inputValue()).toBe('Well done, @Grace ');
    await ada.composer.press('Enter');
    await grace.messages.getByText('@Grace').waitFor();
  });
});
