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

test('sends one notice for a message that arrives while no tab is visible', async () => {
  const tabs = [await browser.openTab(), await browser.openTab()];
  for (const tab of tabs) tab.hide();
  browser.server.write(room, bob, 'are you there?');
  await settle();
  expect(tabs.flatMap(({ view }) => notices(view))).toEqual(['are you there?']);
});

test("sends no notice while a tab is visible, or for the user's own messages", async () => {
  const tabs = [await browser.openTab(), await browser.openTab()];
  tabs[0]?.hide();
  browser.server.write(room, bob, 'seen');
  await settle();
  tabs[1]?.hide();
  browser.server.write(room, ada, 'from my phone');
  await settle();
  expect(tabs.flatMap(({ view }) => notices(view))).toEqual([]);
});
