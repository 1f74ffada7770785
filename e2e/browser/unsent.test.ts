import { describeWith } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startFragile, type FragileParley } from '../harness/outage.ts';
import { connectAs, logOf, openRoomOf } from '../harness/room-log.ts';

const PATIENCE = { timeout: 45_000, interval: 200 };

describeWith(['browser'], 'the tray of unsent messages', () => {
  let fragile: FragileParley;
  let browser: Browser;
  let ada: Person;

  beforeAll(async () => {
    [fragile, browser] = await Promise.all([startFragile(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await fragile?.stop();
  });

  /** A person who has written two messages in one room and one in another, all offline. */
  beforeEach(async () => {
    ada = await Person.signUp(browser, fragile.url, 'Ada');
    for (const room of ['North', 'South']) {
      await ada.createRoom(room, []);
      await ada.say(`first in ${room}`);
      await ada.hasSent(`first in ${room}`);
    }
    fragile.proxy.cut();
    await banner().waitFor();
    await write('South', ['south one']);
    await write('North', ['north one', 'north two']);
    return async () => {
      fragile.proxy.restore();
      await ada.context.close();
    };
  });

  const banner = () => ada.page.getByRole('status', { name: 'Connection' }).first();
  const tray = () => ada.page.getByRole('dialog', { name: 'Unsent messages' });
  const openTray = (count: number) =>
    ada.page.getByRole('button', { name: `${count} unsent ${count === 1 ? 'message' : 'messages'}` }).click();

  async function write(room: string, texts: readonly string[]): Promise<void> {
    await ada.openRoom(room);
    for (const text of texts) {
      await ada.say(text);
      await ada.sees(text);
    }
  }

  const stored = async () => (await logOf(ada, fragile.parley.urls[0])).map(({ text }) => text);

  test('sends all at once: what waits for the connection, and what had failed', async () => {
    // Out of the open room and back: what was written meanwhile is refused, and can be sent again after.
    const client = await connectAs(ada, fragile.parley.urls[0]);
    const roomId = openRoomOf(ada);
    const { token } = await client.command('create_invitation', { roomId });
    await client.command('leave_room', { roomId });
    // Opened while all three wait: as soon as there is a network, their number falls by itself.
    await openTray(3);
    fragile.proxy.restore();
    await tray().getByRole('button', { name: 'Retry all' }).click();
    await tray().getByText('Not sent').first().waitFor(PATIENCE);
    await tray()
      .getByText('south one')
      .waitFor({ state: 'detached', ...PATIENCE });

    await client.command('join_room', { token });
    await client.close();
    await tray().getByRole('button', { name: 'Retry all' }).click();
    await tray().getByText('Everything has been sent.').waitFor(PATIENCE);
    await ada.closeDialog('Unsent messages');
    await ada.openRoom('North');
    await ada.sees('north two');
    expect(await stored()).toEqual(['first in North', 'north one', 'north two']);
  });

  test('deletes all, after asking: nothing of it is ever sent', async () => {
    await openTray(3);
    await tray().getByRole('button', { name: 'Delete all' }).click();
    const question = ada.page.getByRole('alertdialog', { name: 'Delete unsent messages?' });
    await question.getByRole('button', { name: 'Delete all' }).click();
    await question.waitFor({ state: 'hidden' });
    await ada.closeDialog('Unsent messages');
    expect(await ada.shownTexts()).toEqual(['first in North']);
    fragile.proxy.restore();
    await ada.say('after the deletion');
    await vi.waitFor(async () => expect(await stored()).toEqual(['first in North', 'after the deletion']), PATIENCE);
    await ada.openRoom('South');
    await ada.sees('first in South');
    expect(await stored()).toEqual(['first in South']);
  });

  test('copies all, room by room', async () => {
    await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await openTray(3);
    await tray().getByRole('button', { name: 'Copy' }).click();
    await vi.waitFor(async () => {
      const copied = await ada.page.evaluate<string>('navigator.clipboard.readText()');
      expect(copied.split('\n\n').sort()).toEqual(['North\nnorth one\nnorth two', 'South\nsouth one']);
    }, PATIENCE);
    expect(await tray().getByRole('alert').count()).toBe(0);
  });
});

describeWith(['browser'], 'a browser whose disk is full', () => {
  let fragile: FragileParley;
  let browser: Browser;

  beforeAll(async () => {
    [fragile, browser] = await Promise.all([startFragile(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await fragile?.stop();
  });

  test('shows that it stores nothing, and keeps working', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: fragile.url, quotaSize: 1 });
    const ada = await Person.signUpAt(page, fragile.url, 'Ada');
    await ada.createRoom('Full', []);
    await ada.composer.fill('written on a full disk');
    await page.getByRole('status', { name: 'Storage' }).waitFor(PATIENCE);
    await page.getByText('This browser does not store anything for Parley').waitFor();
    await ada.composer.press('Enter');
    await ada.sees('written on a full disk');
    await vi.waitFor(async () =>
      expect((await logOf(ada)).map(({ text }) => text)).toEqual(['written on a full disk']),
    );
    const other = await ada.openTab(page.url());
    await other.sees('written on a full disk');
    await context.close();
  });
});
