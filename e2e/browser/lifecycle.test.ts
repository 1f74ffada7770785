import { describeWith } from '@parley/testing';
import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startEmbedded, type RunningParley } from '../harness/parley.ts';
import { logOf } from '../harness/room-log.ts';

const PATIENCE = { timeout: 40_000, interval: 100 };

describeWith(['browser'], 'pages and workers that the browser puts to sleep or ends', () => {
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
  const connectionsBecome = (count: number) =>
    vi.waitFor(async () => expect(await connections()).toBe(count), PATIENCE);

  /** A person with a room open in two tabs. */
  async function inTwoTabs(name: string): Promise<[Person, Person]> {
    const ada = await Person.signUp(browser, parley.urls[0], name);
    await ada.createRoom(name, []);
    await ada.say('before');
    const other = await ada.openTab(ada.page.url());
    await Promise.all([ada, other].map((tab) => tab.sees('before')));
    return [ada, other];
  }

  /** Ends every SharedWorker without a word, as Safari does. @returns how many there were */
  async function endWorkers(): Promise<number> {
    const session = await browser.newBrowserCDPSession();
    const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'shared_worker' }] });
    for (const { targetId } of targetInfos) await session.send('Target.closeTarget', { targetId });
    await session.detach();
    return targetInfos.length;
  }

  const lifecycle = (session: CDPSession, state: 'frozen' | 'active') =>
    session.send('Page.setWebLifecycleState', { state });

  test('a worker that ends without a word: all tabs greet a new one, and nothing is lost or doubled', async () => {
    const [ada, other] = await inTwoTabs('Restart');
    await other.composer.fill('a draft');
    await vi.waitFor(async () => expect(await ada.composer.inputValue()).toBe('a draft'), PATIENCE);
    expect(await endWorkers()).toBe(1);
    await connectionsBecome(0);
    await ada.say('a draft, and now sent');
    await Promise.all([ada, other].map((tab) => tab.messages.getByText('and now sent').waitFor({ timeout: 40_000 })));
    await other.say('from the one that only listened');
    await Promise.all([ada, other].map((tab) => tab.sees('from the one that only listened')));
    expect(await connections()).toBe(1);
    const texts = ['before', 'a draft, and now sent', 'from the one that only listened'];
    expect((await logOf(ada)).map(({ text }) => text)).toEqual(texts);
    expect(await other.shownTexts()).toEqual(texts);
    await ada.context.close();
  });

  test('a frozen page holds nobody up, and catches up when it thaws, also at a new worker', async () => {
    const [ada, other] = await inTwoTabs('Freeze');
    const session = await ada.context.newCDPSession(other.page);
    await lifecycle(session, 'frozen');
    await ada.say('while it was frozen');
    await ada.sees('while it was frozen');
    await lifecycle(session, 'active');
    await other.sees('while it was frozen');

    await lifecycle(session, 'frozen');
    expect(await endWorkers()).toBe(1);
    await connectionsBecome(0);
    await ada.say('at a new worker');
    await ada.messages.getByText('at a new worker').waitFor({ timeout: 40_000 });
    await lifecycle(session, 'active');
    await other.messages.getByText('at a new worker').waitFor({ timeout: 40_000 });
    await other.say('thawed');
    await ada.sees('thawed');
    expect(await connections()).toBe(1);
    await ada.context.close();
  });

  test('a page that is left and come back to shows what was written meanwhile, and what was typed', async () => {
    const [ada, other] = await inTwoTabs('Back');
    await other.composer.fill('typed before leaving');
    await other.page.goto(`${parley.urls[0]}/favicon.svg`);
    await ada.say('while it was away');
    await ada.sees('while it was away');
    await other.page.goBack();
    await other.sees('while it was away');
    await vi.waitFor(async () => expect(await other.composer.inputValue()).toBe('typed before leaving'), PATIENCE);
    await other.say('back again');
    await ada.sees('back again');
    expect(await connections()).toBe(1);
    await ada.context.close();
  });

  test('the connection ends when the last tab crashes', async () => {
    const [ada, other] = await inTwoTabs('Crash');
    expect(await connections()).toBe(1);
    for (const { page } of [ada, other]) {
      const session = await ada.context.newCDPSession(page);
      session.send('Page.crash').catch(() => undefined);
    }
    await connectionsBecome(0);
    await ada.context.close();
  });
});

describeWith(['browser'], 'the back/forward cache', () => {
  let parley: RunningParley;
  let browser: Browser;

  beforeAll(async () => {
    [parley, browser] = await Promise.all([startEmbedded(), launchBrowser([], ['--disable-back-forward-cache'])]);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  });

  test('restores a page that reconnects to the engine or reloads, and is up to date either way', async () => {
    const ada = await Person.signUp(browser, parley.urls[0], 'Ada');
    await ada.createRoom('Cache', []);
    const other = await ada.openTab(ada.page.url());
    await other.messagesOrEmpty();
    await other.page.goto('about:blank');
    await ada.say('meanwhile');
    await ada.sees('meanwhile');
    await other.page.goBack({ waitUntil: 'commit' });
    await other.sees('meanwhile');
    await other.say('live again');
    await ada.sees('live again');
    await ada.say('both ways');
    await other.sees('both ways');
    expect(await parley.metric('parley_connections')).toBe(1);
    await ada.context.close();
  });
});
