import type { Browser } from 'playwright-core';
import { describeWith } from '@parley/testing';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startFragile, type FragileParley } from '../harness/outage.ts';
import { paint, pick, tray as imageTray } from '../harness/images.ts';
import { logOf } from '../harness/room-log.ts';

const PATIENCE = { timeout: 45_000, interval: 200 };

describeWith(['browser'], 'nothing typed is lost', () => {
  let fragile: FragileParley;
  let browser: Browser;

  beforeAll(async () => {
    [fragile, browser] = await Promise.all([
      startFragile({ env: { PARLEY_LIMIT_COMMANDS_PER_SECOND: '0' } }),
      launchBrowser(),
    ]);
  });

  // Restores the network that the previous test cut.
  afterEach(() => fragile.proxy.restore());

  afterAll(async () => {
    await browser?.close();
    await fragile?.stop();
  });

  const banner = ({ page }: Person) => page.getByRole('status', { name: 'Connection' }).first();

  async function reconnect(person: Person): Promise<void> {
    fragile.proxy.restore();
    // Looked at from a page, as people do who wait: else it is tried within 30 s.
    const again = person.page.getByRole('button', { name: 'Try now' }).first();
    if (await again.isVisible()) await again.click().catch(() => undefined);
    await banner(person).waitFor({ state: 'hidden', timeout: 45_000 });
  }

  async function delivered(person: Person, texts: readonly string[]): Promise<void> {
    await vi.waitFor(async () => {
      expect(
        await person.page.locator('[data-message-id][data-status="pending"], [data-status="inFlight"]').count(),
      ).toBe(0);
      expect(await person.shownTexts()).toEqual(texts);
    }, PATIENCE);
  }

  test('when the connection is cut while typing, while sending, and before the acknowledgement', async () => {
    const ada = await Person.signUp(browser, fragile.url, 'Ada');
    await ada.createRoom('Tunnel', []);
    await ada.say('before');
    await ada.sees('before');

    await ada.composer.pressSequentially('half a ');
    fragile.proxy.cut();
    await banner(ada).waitFor();
    await ada.composer.pressSequentially('sentence');
    expect(await ada.composer.inputValue()).toBe('half a sentence');
    await ada.composer.press('Enter');
    await ada.sees('half a sentence');
    await reconnect(ada);
    await delivered(ada, ['before', 'half a sentence']);

    // The network goes silent in both directions: the command may or may not have been heard.
    fragile.proxy.freeze();
    await ada.say('without an answer');
    await ada.sees('without an answer');
    fragile.proxy.cut();
    await banner(ada).waitFor();
    await reconnect(ada);
    await delivered(ada, ['before', 'half a sentence', 'without an answer']);
    await ada.context.close();
  });

  test('when the connection is cut between storing and acknowledging: the retry gives one message', async () => {
    const ada = await Person.signUp(browser, fragile.url, 'Ada');
    await ada.createRoom('One way', []);
    await ada.say('before');
    await delivered(ada, ['before']);
    const [direct] = fragile.parley.urls;
    const stored = async () => (await logOf(ada, direct)).map(({ text }) => text);

    fragile.proxy.holdAnswers();
    await ada.say('stored, not acknowledged');
    await vi.waitFor(async () => expect(await stored()).toEqual(['before', 'stored, not acknowledged']), PATIENCE);
    expect(await ada.messages.locator('[data-status=inFlight]').count()).toBe(1);
    fragile.proxy.cut();
    await banner(ada).waitFor();
    await reconnect(ada);
    await delivered(ada, ['before', 'stored, not acknowledged']);
    await ada.say('after');
    await delivered(ada, ['before', 'stored, not acknowledged', 'after']);
    expect(await stored()).toEqual(['before', 'stored, not acknowledged', 'after']);
    await ada.context.close();
  });

  test('when it is written in a room that was never opened before the connection was cut', async () => {
    const [ada, bob] = [
      await Person.signUp(browser, fragile.url, 'Hedy'),
      await Person.signUp(browser, fragile.parley.urls[0], 'Robert'),
    ];
    await ada.createRoom('Own', []);
    await bob.createRoom('Unopened', ['Hedy']);
    await bob.say('before');
    await ada.rooms.getByRole('link', { name: 'Unopened' }).waitFor();
    fragile.proxy.cut();
    await banner(ada).waitFor();
    await ada.rooms.getByRole('link', { name: 'Unopened' }).click();
    await ada.say('written without its messages');
    await ada.sees('written without its messages');
    await reconnect(ada);
    await delivered(ada, ['before', 'written without its messages']);
    for (const { context } of [ada, bob]) await context.close();
  });

  test('when the server is killed and started again', async () => {
    const ada = await Person.signUp(browser, fragile.url, 'Ada');
    await ada.createRoom('Crash', []);
    await ada.say('one');
    await ada.sees('one');
    await fragile.parley.kill();
    await banner(ada).waitFor();
    await ada.say('two');
    await ada.say('three');
    await fragile.parley.restart();
    await reconnect(ada);
    await delivered(ada, ['one', 'two', 'three']);
    await ada.context.close();
  });

  test('when 50 messages and 4 images are written offline in three rooms, the tab closed, and the app opened again', async () => {
    const ada = await Person.signUp(browser, fragile.url, 'Ada');
    const rooms = ['North', 'East', 'South'];
    for (const room of rooms) {
      await ada.createRoom(room, []);
      await ada.say(`first in ${room}`);
      await ada.sees(`first in ${room}`);
    }
    const image = (colour: string) => paint(ada.page, { width: 60, height: 40, colour });
    const imagesWith = new Map([
      ['North 0', [await image('red')]],
      ['East 3', [await image('green'), await image('blue')]],
      ['East 16', [await image('grey')]],
    ]);
    fragile.proxy.cut();
    await banner(ada).waitFor();
    const written = rooms.map((room, index) => Array.from({ length: index === 0 ? 16 : 17 }, (_, n) => `${room} ${n}`));
    for (const [index, room] of rooms.entries()) {
      await ada.openRoom(room);
      for (const text of written[index] ?? []) {
        const images = imagesWith.get(text) ?? [];
        if (images.length > 0) await pick(ada, images);
        await imageTray(ada).nth(images.length).waitFor({ state: 'detached' });
        if (images.length > 0)
          await imageTray(ada)
            .nth(images.length - 1)
            .waitFor();
        await ada.say(text);
      }
      await ada.sees(written[index]?.at(-1) ?? '');
    }
    await ada.page.close();

    const offline = await ada.openTab(fragile.url);
    // High enough for all of a room's messages to be drawn.
    await offline.page.setViewportSize({ width: 1280, height: 1_600 });
    await offline.openRoom('North');
    await offline.sees('first in North');
    await offline.sees('North 15');
    await offline.page.getByRole('button', { name: '50 unsent messages' }).click();
    const tray = offline.page.getByRole('dialog', { name: 'Unsent messages' });
    await tray.getByRole('list', { name: 'Unsent in South' }).getByText('South 16', { exact: true }).waitFor();
    await offline.closeDialog('Unsent messages');
    await reconnect(offline);
    for (const [index, room] of rooms.entries()) {
      await offline.openRoom(room);
      const shown = [`first in ${room}`, ...(written[index] ?? [])];
      await vi.waitFor(async () => expect((await offline.shownTexts()).at(-1)).toBe(shown.at(-1)), PATIENCE);
      await delivered(offline, shown);
      const stored = await logOf(offline);
      expect(stored.map(({ text, attachments }) => [text, attachments.length])).toEqual(
        shown.map((text) => [text, imagesWith.get(text)?.length ?? 0]),
      );
    }
    await ada.context.close();
  });

  test('when a room is made offline: it is listed as pending, and what is written in it goes with it', async () => {
    const [ada, grace] = [
      await Person.signUp(browser, fragile.url, 'Ada'),
      await Person.signUp(browser, fragile.parley.urls[0], 'Gracie'),
    ];
    await ada.createRoom('Known', ['Gracie']);
    await ada.say('before');
    await ada.sees('before');
    const other = await ada.openTab(ada.page.url());
    await other.sees('before');
    fragile.proxy.cut();
    await banner(ada).waitFor();
    await ada.createRoom('Island', ['Gracie']);
    await ada.page.getByRole('heading', { name: 'You are offline' }).waitFor();
    await ada.say('from the island');
    await ada.sees('from the island');
    await other.openRoom('Island');
    await other.sees('from the island');
    await reconnect(ada);
    await delivered(ada, ['from the island']);
    await grace.openRoom('Island');
    await grace.sees('from the island');
    await Promise.all([ada, grace].map(({ context }) => context.close()));
  });

  test('when the tab that sends crashes', async () => {
    const ada = await Person.signUp(browser, fragile.url, 'Ada');
    await ada.createRoom('Two tabs', []);
    const other = await ada.openTab(ada.page.url());
    await other.messages.waitFor().catch(() => undefined);
    fragile.proxy.cut();
    await banner(ada).waitFor();
    await ada.say('last words');
    await ada.sees('last words');
    const session = await ada.context.newCDPSession(ada.page);
    session.send('Page.crash').catch(() => undefined);
    await reconnect(other);
    await delivered(other, ['last words']);
    await ada.context.close();
  });
});
