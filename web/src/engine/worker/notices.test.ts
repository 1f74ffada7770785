import { beforeEach, expect, test } from 'vitest';
import { ada, bob, FakeBrowser } from '../testing/fake-browser.ts';
import { settle } from '../testing/fake-clock.ts';
import type { FakeRoom } from '../testing/fake-rooms.ts';
import type { FakeTab } from '../testing/fake-tab.ts';

let browser: FakeBrowser;
let room: FakeRoom;

beforeEach(() => {
  browser = new FakeBrowser();
  room = browser.server.addRoom('engines', bob);
});

const notices = ({ patches }: FakeTab) =>
  patches.flatMap((patch) => (patch.kind === 'notice' ? [patch.message.text] : []));

test('a message that comes while no tab is looked at is told by one tab', async () => {
  const tabs = [await browser.openTab(), await browser.openTab()];
  for (const tab of tabs) tab.hide();
  browser.server.write(room, bob, 'are you there?');
  await settle();
  expect(tabs.flatMap(({ view }) => notices(view))).toEqual(['are you there?']);
});

test('nothing is told while any tab is looked at, nor of what one wrote oneself', async () => {
  const tabs = [await browser.openTab(), await browser.openTab()];
  tabs[0]?.hide();
  browser.server.write(room, bob, 'seen');
  await settle();
  tabs[1]?.hide();
  browser.server.write(room, ada, 'from my phone');
  await settle();
  expect(tabs.flatMap(({ view }) => notices(view))).toEqual([]);
});
