import { beforeEach, describe, expect, test } from 'vitest';
import { bob, FakeBrowser, type OpenTab } from '../testing/fake-browser.ts';
import { settle } from '../testing/fake-clock.ts';

let browser: FakeBrowser;
let only: OpenTab;

beforeEach(async () => {
  browser = new FakeBrowser();
  only = await browser.openTab();
});

const status = () => only.view.connection;
const hasReloaded = (): boolean => only.view.patches.some(({ kind }) => kind === 'reload');

describe('a connection', () => {
  test('first sends the user who is logged in, as far as the engine knows', () => {
    expect(browser.server.received[0]).toEqual({ action: 'create_connection', data: { protocol: 1, userId: 'ada' } });
    expect(status()).toEqual({ status: 'online' });
  });

  test('that was cut is restored within 0 to 5 s, and shows when', async () => {
    browser.server.cut();
    await settle();
    const nextTryAt = browser.clock.now() + 2_500;
    expect(status()).toEqual({ status: 'waiting', nextTryAt, reason: 'unreachable' });
    await browser.clock.advance(2_499);
    expect(browser.server.opened).toBe(1);
    await browser.clock.advance(1);
    expect(status()).toEqual({ status: 'online' });
  });

  test('that fails repeatedly is retried ever less often, up to every 30 s', async () => {
    browser.random = () => 0.999_999;
    browser.server.isUp = false;
    browser.server.cut();
    const tries: number[] = [];
    for (let opened = 1; tries.length < 5;) {
      const before = browser.clock.now();
      while (browser.server.opened === opened) await browser.clock.advance(1_000);
      opened = browser.server.opened;
      tries.push(browser.clock.now() - before);
    }
    expect(tries).toEqual([5_000, 10_000, 20_000, 30_000, 30_000]);
  });

  test('to a restarting server is restored after a random delay', async () => {
    browser.server.cut(1012);
    await settle();
    expect(status()).toMatchObject({ status: 'waiting', reason: 'restart' });
    await browser.clock.advance(2_500);
    expect(status()).toEqual({ status: 'online' });
  });

  test('shows when the browser has no network', async () => {
    browser.isOffline = true;
    browser.server.cut();
    await settle();
    expect(status()).toMatchObject({ status: 'waiting', reason: 'offline' });
  });

  test.each(['the network is back', 'a tab becomes visible', 'the user clicks'])(
    'is tried at once when %s',
    async (what) => {
      browser.server.cut();
      await settle();
      if (what === 'the network is back') browser.engine.networkIsBack();
      else if (what === 'a tab becomes visible') only.tab.visibilityChanged();
      else await only.tab.request('reconnect', {});
      await settle();
      expect([status(), browser.server.opened]).toEqual([{ status: 'online' }, 2]);
    },
  );

  test('that receives nothing for twice the heartbeat is dropped', async () => {
    for (let beat = 0; beat < 3; beat += 1) {
      await browser.clock.advance(25_000);
      browser.server.heartbeat();
    }
    await browser.clock.advance(49_999);
    expect(status()).toEqual({ status: 'online' });
    await browser.clock.advance(1);
    expect(status()).toMatchObject({ status: 'waiting' });
    await browser.clock.advance(5_000);
    expect([status(), browser.server.sockets]).toEqual([{ status: 'online' }, 1]);
  });

  test('whose handshake is not answered for 10 s is retried', async () => {
    browser.server.fate = () => 'silence';
    browser.server.cut();
    await browser.clock.advance(2_500 + 9_999);
    expect([status(), browser.server.opened]).toEqual([{ status: 'connecting' }, 2]);
    browser.server.fate = () => 'answer';
    await browser.clock.advance(5_001);
    expect(status()).toEqual({ status: 'online' });
  });

  test('whose handshake is refused with a retryable error is retried after retryAfterMs', async () => {
    browser.server.fate = () => ({ code: 'rate_limited', retryAfterMs: 60_000 });
    browser.server.cut();
    await browser.clock.advance(2_500);
    expect(status()).toMatchObject({ status: 'waiting', nextTryAt: browser.clock.now() + 60_000 });
  });
});

describe('the session', () => {
  test('that ended (4001) is not retried', async () => {
    browser.server.cut(4001);
    await browser.clock.advance(120_000);
    expect([status(), browser.server.opened]).toEqual([{ status: 'ended' }, 1]);
  });

  test('that ended without a connection is detected by the refused upgrade', async () => {
    browser.server.session = { kind: 'none' };
    browser.server.isUp = false;
    browser.server.cut();
    await browser.clock.advance(120_000);
    expect([status(), browser.server.opened]).toEqual([{ status: 'ended' }, 2]);
  });

  test("that started again connects with the next tab's hello", async () => {
    browser.server.cut(4001);
    await settle();
    const later = await browser.openTab();
    expect(later.view.connection).toEqual({ status: 'online' });
  });

  test('that belongs to another user by now sends nothing and reloads the tabs', async () => {
    browser.server.fate = () => ({ code: 'conflict' });
    browser.server.cut();
    await browser.clock.advance(120_000);
    expect(hasReloaded()).toBe(true);
    expect([browser.server.count('create_connection'), browser.server.received.length]).toEqual([2, 2]);
  });

  test('that belongs to another user by now is detected even if the upgrade is refused', async () => {
    browser.server.session = { kind: 'user', userId: bob.userId };
    browser.server.isUp = false;
    browser.server.cut();
    await browser.clock.advance(120_000);
    expect([hasReloaded(), browser.server.opened]).toEqual([true, 2]);
  });
});

test('shows the page as outdated for a server of another protocol (4002)', async () => {
  browser.server.cut(4002);
  await browser.clock.advance(120_000);
  expect([status(), browser.server.opened]).toEqual([{ status: 'outdated' }, 1]);
});

test('refuses reads without a connection', async () => {
  browser.server.isUp = false;
  browser.server.cut();
  const roomId = browser.server.addRoom('engines', bob).roomId;
  await expect(only.tab.request('get_members', { roomId })).rejects.toMatchObject({ error: { code: 'unavailable' } });
});
