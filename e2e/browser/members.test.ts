import { describeWith } from '@parley/testing';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startFragile, type FragileParley } from '../harness/outage.ts';

describeWith(['browser'], 'the members of a room', () => {
  let fragile: FragileParley;
  let browser: Browser;
  let ada: Person;
  let grace: Person;

  beforeAll(async () => {
    [fragile, browser] = await Promise.all([startFragile(), launchBrowser()]);
    ada = await Person.signUp(browser, fragile.url, 'Ada');
    grace = await Person.signUp(browser, fragile.url, 'Grace');
    await ada.createRoom('Engines', ['Grace']);
    await ada.say('Welcome');
    await grace.openRoom('Engines');
    await grace.page.getByRole('button', { name: 'Members' }).click();
    await ada.page.getByRole('button', { name: 'Members' }).click();
  });

  afterAll(async () => {
    await browser?.close();
    await fragile?.stop();
  });

  const row = (person: Person, name: string): Locator =>
    person.page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: name });
  const panel = ({ page }: Person): Locator => page.getByRole('complementary', { name: 'Members' });

  test('are listed with their roles and with who is there; only an owner is offered what is an owner’s', async () => {
    await row(ada, 'Ada').getByText('Owner').waitFor();
    await row(ada, 'Grace').getByText('Online').waitFor();
    await row(grace, 'Ada').getByText('Online').waitFor();
    expect(await row(grace, 'Grace').getByText('Owner').count()).toBe(0);
    expect(await panel(grace).getByRole('button', { name: 'Rename room' }).count()).toBe(0);
    expect(await panel(grace).getByRole('button', { name: 'Remove Ada' }).count()).toBe(0);
  });

  test('an owner renames the room, and the others see its name and who gave it', async () => {
    await panel(ada).getByRole('button', { name: 'Rename room' }).click();
    const dialog = ada.page.getByRole('dialog', { name: 'Rename room' });
    await dialog.getByLabel('Room name').fill('Analytical engines');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await grace.page.getByRole('heading', { name: 'Analytical engines' }).waitFor();
    await grace.sees('Ada named the room “Analytical engines”');
    await grace.rooms.getByRole('link', { name: 'Analytical engines' }).waitFor();
  });

  test('an invitation that is revoked lets nobody in', async () => {
    await panel(ada).getByRole('button', { name: 'Invite by link' }).click();
    const link = ada.page.getByRole('textbox', { name: 'Invitation link' });
    await expect.poll(() => link.inputValue(), { timeout: 30_000 }).toContain('/join/');
    const path = new URL(await link.inputValue()).pathname;
    await ada.closeDialog('Invite by link');
    await panel(grace).getByRole('button', { name: 'Invitations' }).click();
    const others = grace.page.getByRole('dialog', { name: 'Invitations' });
    await others.getByText('Created by Ada').waitFor();
    expect(await others.getByRole('button', { name: /^Revoke/ }).count()).toBe(0);
    await grace.closeDialog('Invitations');
    await panel(ada).getByRole('button', { name: 'Invitations' }).click();
    const own = ada.page.getByRole('dialog', { name: 'Invitations' });
    await own.getByRole('button', { name: /^Revoke: Created by you/ }).click();
    await own.getByText('No link is active at the moment.').waitFor();
    await ada.closeDialog('Invitations');
    const lin = await Person.signUp(browser, fragile.url, 'Lin');
    await lin.page.goto(`${fragile.url}${path}`);
    await lin.page.getByRole('heading', { name: 'This invitation does not work' }).waitFor();
    await lin.context.close();
  });

  test('who closes the last tab is seen to go, and to come back', async () => {
    const dot = (status: string): Locator => ada.rooms.getByRole('img', { name: `Grace: ${status}` });
    await dot('Online').waitFor();
    const url = grace.page.url();
    await grace.page.close();
    await dot('Offline').waitFor();
    await row(ada, 'Grace').getByText('Last seen just now').waitFor();
    grace = await grace.openTab(url);
    await dot('Online').waitFor();
    await row(ada, 'Grace').getByText('Online').waitFor();
  });

  test('a removed member loses the room at once, and sees who removed them', async () => {
    await row(ada, 'Grace').hover();
    await panel(ada).getByRole('button', { name: 'Remove Grace' }).click();
    const confirm = ada.page.getByRole('alertdialog', { name: 'Remove Grace?' });
    await confirm.getByRole('button', { name: 'Remove from room' }).click();
    await grace.page.getByText('Ada removed you from this room.').waitFor();
    await grace.rooms.getByRole('link', { name: 'Analytical engines' }).waitFor({ state: 'detached' });
    await ada.sees('Grace removed');
    await row(ada, 'Grace').waitFor({ state: 'detached' });
  });

  test('actions that need a connection show that they do while offline', async () => {
    fragile.proxy.cut();
    await panel(ada).getByText('Needs a connection').first().waitFor();
    expect(await panel(ada).getByRole('button', { name: 'Rename room' }).isDisabled()).toBe(true);
    fragile.proxy.restore();
    await panel(ada).getByRole('button', { name: 'Rename room', disabled: false }).waitFor();
  });
});
