import { randomUUID } from 'node:crypto';
import type { MessageId, RoomId } from '@parley/protocol';
import { describeWith, ProtocolClient, signUp } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startEmbedded, type RunningParley } from '../harness/parley.ts';

const MESSAGES = 500;
const text = (n: number): string => `Message number ${n}`;

describeWith(['browser'], 'a long history', () => {
  let parley: RunningParley;
  let browser: Browser;
  let invitation: string;

  beforeAll(async () => {
    [parley, browser] = await Promise.all([
      startEmbedded({ env: { PARLEY_LIMIT_COMMANDS_PER_SECOND: '0' } }),
      launchBrowser(),
    ]);
    const [url] = parley.urls;
    const { cookie } = await signUp(url, { displayName: 'Chronicler' });
    const client = await ProtocolClient.connect(`${url.replace('http', 'ws')}/ws`, { cookie, origin: url });
    await client.command('create_connection', { protocol: 1 });
    const roomId = randomUUID() as RoomId;
    await client.command('create_room', { roomId, name: 'Chronicle', memberIds: [] });
    for (let n = 1; n <= MESSAGES; n += 1) {
      await client.command('create_message', { roomId, messageId: randomUUID() as MessageId, text: text(n) });
    }
    ({ token: invitation } = await client.command('create_invitation', { roomId }));
    await client.close();
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  });

  test('opens at its end and scrolls up to its first message, without a message missing', async () => {
    const reader = await Person.signUp(browser, `${parley.urls[0]}/join/${invitation}`, 'Reader');
    await reader.sees(text(MESSAGES));

    const seen = new Set<string>();
    const first = reader.messages.getByText(text(1), { exact: true });
    await reader.messages.hover();
    while (!(await first.isVisible())) {
      for (const shown of await reader.shownTexts()) seen.add(shown);
      await reader.page.mouse.wheel(0, -600);
      await reader.nextFrame();
    }
    for (const shown of await reader.shownTexts()) seen.add(shown);
    const missing = Array.from({ length: MESSAGES }, (_, index) => text(index + 1)).filter((each) => !seen.has(each));
    expect(missing).toEqual([]);
  });

  test('stays at its end when the window is given another size, as by turning a phone', async () => {
    const reader = await Person.signUp(browser, `${parley.urls[0]}/join/${invitation}`, 'Turner');
    await reader.say('A long line that breaks where the window is narrow. '.repeat(40));
    await reader.say('The last line');
    await reader.page.locator('[data-status=success]').last().waitFor();
    const last = reader.messages.getByText('The last line', { exact: true });
    for (const [width, height] of [
      [390, 844],
      [844, 390],
      [1440, 900],
      [390, 500],
    ] as const) {
      await reader.page.setViewportSize({ width, height });
      await expect.poll(() => below(reader)).toBeLessThan(2);
      expect(await last.isVisible()).toBe(true);
    }
  });

  /** How much of the timeline lies below what is shown, in pixels. */
  const below = ({ page }: Person): Promise<number> =>
    page.evaluate<number>(`(() => {
      const log = document.querySelector('[role=log]');
      return log.scrollHeight - log.scrollTop - log.clientHeight;
    })()`);
});
