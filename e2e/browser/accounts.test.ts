import type { UserBody } from '@parley/protocol';
import { describeWith } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startFragile, type FragileParley } from '../harness/outage.ts';
import { logOf } from '../harness/room-log.ts';

const PATIENCE = { timeout: 45_000, interval: 200 };
const PASSWORD = 'correct horse battery';

describeWith(['browser'], 'another account in the same browser', () => {
  let fragile: FragileParley;
  let browser: Browser;

  beforeAll(async () => {
    [fragile, browser] = await Promise.all([startFragile(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await fragile?.stop();
  });

  const banner = ({ page }: Person) => page.getByRole('status', { name: 'Connection' }).first();

  /** Signs in behind the back of the open tabs, as another window of the same browser does. */
  async function signInBeside({ context }: Person, email: string, origin: string): Promise<void> {
    const data = { email, password: PASSWORD };
    const answer = await context.request.post(`${origin}/api/sessions`, { data, headers: { origin } });
    expect(answer.status()).toBe(201);
  }

  async function emailOf({ context }: Person): Promise<string> {
    const answer = await context.request.get(`${fragile.url}/api/me`);
    const { user } = (await answer.json()) as UserBody;
    return user.email;
  }

  async function newAccount(displayName: string): Promise<string> {
    const [origin] = fragile.parley.urls;
    const email = `${displayName.toLowerCase()}.${process.pid}@accounts.example`;
    const answer = await fetch(`${origin}/api/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ email, password: PASSWORD, displayName }),
    });
    expect(answer.status).toBe(201);
    return email;
  }

  test('that logs in under a live engine ends it: its tabs say so, and nothing of the first is seen or sent', async () => {
    const ada = await Person.signUp(browser, fragile.url, 'Ada');
    await ada.createRoom('Adas own', []);
    const other = await ada.openTab(ada.page.url());
    await other.messagesOrEmpty();
    await ada.composer.fill('a secret draft');
    await vi.waitFor(async () => expect(await other.composer.inputValue()).toBe('a secret draft'), PATIENCE);

    await signInBeside(ada, await newAccount('Grace'), fragile.url);
    for (const { page } of [ada, other]) await page.getByRole('button', { name: 'Log in' }).waitFor();
    expect(await fragile.parley.metric('parley_connections')).toBe(0);

    // The browser is Grace's now, whatever the old tabs still believe.
    await ada.page.getByRole('button', { name: 'Log in' }).click();
    await ada.page.waitForURL(/\/login/);
    await ada.page.reload();
    await ada.createRoom('Graces own', []);
    await ada.say('of Grace');
    await ada.sees('of Grace');
    expect(await ada.page.getByText(/Adas own|secret/).count()).toBe(0);
    expect((await logOf(ada)).map(({ text }) => text)).toEqual(['of Grace']);
    await ada.context.close();
  });

  test('that logs in while the first one’s messages wait sends none of them; they leave when their own person is back', async () => {
    const ada = await Person.signUp(browser, fragile.url, 'Lovelace');
    await ada.createRoom('Engines', []);
    const email = await emailOf(ada);
    await ada.say('before');
    await ada.hasSent('before');
    const room = ada.page.url();
    fragile.proxy.cut();
    await banner(ada).waitFor();
    await ada.say('waits for its person');
    await ada.sees('waits for its person');

    // Cookies know no ports: the session of the address behind the cut network is replaced, too.
    await signInBeside(ada, await newAccount('Hopper'), fragile.parley.urls[0]);
    fragile.proxy.restore();
    await banner(ada)
      .getByRole('button', { name: 'Try now' })
      .click()
      .catch(() => undefined);
    await vi.waitFor(async () => expect(await ada.page.getByText('Hopper').count()).toBeGreaterThan(0), PATIENCE);
    expect(await ada.page.getByText('waits for its person').count()).toBe(0);
    expect(await ada.rooms.getByRole('link').count()).toBe(0);

    await signInBeside(ada, email, fragile.url);
    const back = await ada.openTab(room);
    await back.page.reload();
    await vi.waitFor(async () => {
      const stored = await logOf(back).catch(() => []);
      expect(stored.map(({ text }) => text)).toEqual(['before', 'waits for its person']);
    }, PATIENCE);
    await back.sees('waits for its person');
    await ada.context.close();
  });

  test('is asked about first: logging out tells what is unsent, and may be called off', async () => {
    const ada = await Person.signUp(browser, fragile.url, 'Countess');
    await ada.createRoom('Asked', []);
    fragile.proxy.cut();
    await banner(ada).waitFor();
    await ada.say('unsent');
    await ada.sees('unsent');
    await ada.page.getByRole('button', { name: 'Account' }).click();
    await ada.page.getByRole('menuitem', { name: 'Log out' }).click();
    const dialog = ada.page.getByRole('alertdialog');
    await dialog.getByText('one unsent message').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    fragile.proxy.restore();
    await vi.waitFor(async () => expect(await ada.messages.locator('[data-status=success]').count()).toBe(1), PATIENCE);
    await ada.context.close();
  });
});
