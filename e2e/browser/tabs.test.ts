import { randomUUID } from 'node:crypto';
import type { RoomId } from '@parley/protocol';
import type { Browser } from 'playwright-core';
import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startEmbedded, type RunningParley } from '../harness/parley.ts';
import { connectAs } from '../harness/room-log.ts';

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

  for (const where of ['tab', 'window'] as const) {
    describe(`in a second ${where}`, () => {
      let ada: Person;
      let other: Person;
      const both = (look: (person: Person) => Promise<void>) => Promise.all([ada, other].map(look));
      const rowOf = (person: Person, room: string) => person.rooms.getByRole('link', { name: room });

      beforeEach(async () => {
        ada = await Person.signUp(browser, parley.urls[0], 'Ada');
        await ada.createRoom('Here', []);
        other = await (where === 'tab' ? ada.openTab(parley.urls[0]) : ada.openWindow(parley.urls[0]));
        return async () => {
          await ada.context.close();
          await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 10_000 });
        };
      });

      test('create_connection is accepted: it is connected, over the one connection that there is', async () => {
        await rowOf(other, 'Here').waitFor();
        await both(({ page }) =>
          page.getByRole('status', { name: 'Connection' }).first().waitFor({ state: 'detached' }),
        );
        expect(await connections()).toBe(1);
      });

      test('get_user_rooms is accepted: both list the same rooms, also one that was made elsewhere', async () => {
        await rowOf(other, 'Here').waitFor();
        const client = await connectAs(ada);
        await client.command('create_room', { roomId: randomUUID() as RoomId, name: 'Elsewhere', memberIds: [] });
        await client.close();
        await both((person) => rowOf(person, 'Elsewhere').waitFor());
        await other.page.reload();
        await both((person) => rowOf(person, 'Elsewhere').waitFor());
        expect(await other.rooms.getByRole('link').count()).toBe(2);
      });

      test('create_room is accepted, and the room is listed in all', async () => {
        await rowOf(other, 'Here').waitFor();
        await other.createRoom('There', []);
        await both((person) => rowOf(person, 'There').waitFor());
        await ada.createRoom('And there', []);
        await both((person) => rowOf(person, 'And there').waitFor());
        expect(await connections()).toBe(1);
      });

      test('create_message is accepted, and the message shows in all', async () => {
        await other.openRoom('Here');
        await other.say(`from the ${where}`);
        await both((person) => person.sees(`from the ${where}`));
        await ada.say('and back');
        await both((person) => person.sees('and back'));
        expect(await connections()).toBe(1);
      });
    });
  }

  test('five tabs and windows have one connection, and what is typed in one shows in the others', async () => {
    const ada = await Person.signUp(browser, parley.urls[0], 'Ada');
    await ada.createRoom('Five', []);
    const address = ada.page.url();
    const others = [
      await ada.openTab(address),
      await ada.openWindow(address),
      await ada.openTab(address),
      await ada.openWindow(address),
    ];
    for (const other of others) await other.messagesOrEmpty();
    expect(await connections()).toBe(1);
    const [second] = others;
    await second?.composer.fill('one two three');
    await second?.page.evaluate('document.querySelector("textarea").setSelectionRange(3, 3)');
    await ada.composer.focus();
    await vi.waitFor(async () => expect(await ada.composer.inputValue()).toBe('one two three'));
    await ada.composer.press('End');
    await ada.composer.pressSequentially(' four');
    await vi.waitFor(async () => expect(await second?.composer.inputValue()).toBe('one two three four'));
    expect(await second?.page.evaluate('document.querySelector("textarea").selectionStart')).toBe(3);
    await ada.context.close();
  });

  test('without SharedWorker share the connection of one of them, and another goes on when that one closes', async () => {
    const ada = await Person.signUp(browser, parley.urls[0], 'Ada', 'delete globalThis.SharedWorker');
    await ada.createRoom('Fallback', []);
    const address = ada.page.url();
    const [second, third] = [await ada.openTab(address), await ada.openTab(address)];
    await second.say('over the channel');
    await Promise.all([ada, second, third].map((tab) => tab.sees('over the channel')));
    expect(await connections()).toBe(1);
    await ada.page.close();
    await second.say('still here');
    await Promise.all([second, third].map((tab) => tab.sees('still here')));
    expect(await connections()).toBe(1);
    await ada.context.close();
  });

  test('two accounts in one profile, one after the other, neither see nor send what is the other’s', async () => {
    const ada = await Person.signUp(browser, parley.urls[0], 'Ada');
    await ada.createRoom('Mine alone', []);
    await ada.composer.fill('a secret draft');
    await ada.composer.blur();
    await ada.page.getByRole('button', { name: 'Account' }).click();
    await ada.page.getByRole('menuitem', { name: 'Log out' }).click();
    await ada.page.getByRole('alertdialog').getByText('one draft').waitFor();
    await ada.page.getByRole('button', { name: 'Log out' }).click();
    await ada.page.waitForURL('**/login');
    const grace = await Person.signUpAt(ada.page, parley.urls[0], 'Grace');
    await grace.createRoom('Graces room', []);
    await grace.say('hello');
    await grace.sees('hello');
    expect(await grace.rooms.getByRole('link').count()).toBe(1);
    expect(await grace.page.getByText('secret').count()).toBe(0);
    await ada.context.close();
  });

  test('need a connection each where they share nothing, and no more than one where they do', async () => {
    const ada = await Person.signUp(browser, parley.urls[0], 'Ada');
    await ada.createRoom('Apart', []);
    const address = ada.page.url();
    const storageState = await ada.context.storageState();
    const profiles = await Promise.all([1, 2].map(() => browser.newContext({ storageState, locale: 'en-GB' })));
    for (const profile of profiles) {
      const page = await profile.newPage();
      await page.goto(address);
      await page.getByRole('textbox', { name: 'Message' }).waitFor();
    }
    await vi.waitFor(async () => expect(await connections()).toBe(3), { timeout: 20_000 });
    for (const tab of [await ada.openTab(address), await ada.openTab(address)]) await tab.messagesOrEmpty();
    expect(await connections()).toBe(3);
    await Promise.all([ada.context, ...profiles].map((context) => context.close()));
  });

  test('two accounts in two profiles have a connection each', async () => {
    const [ada, grace] = [
      await Person.signUp(browser, parley.urls[0], 'Ada'),
      await Person.signUp(browser, parley.urls[0], 'Grace'),
    ];
    await Promise.all([ada.createRoom('A', []), grace.createRoom('G', [])]);
    expect(await connections()).toBe(2);
    await Promise.all([ada.context.close(), grace.context.close()]);
  });
});
