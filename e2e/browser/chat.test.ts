import type { Browser } from 'playwright-core';
import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { startCluster, startEmbedded, type RunningParley } from '../harness/parley.ts';

const MODES = [
  { mode: 'embedded', needs: ['browser'], start: startEmbedded },
  { mode: 'cluster', needs: ['browser', 'mongo', 'valkey'], start: startCluster },
] as const;

for (const { mode, needs, start } of MODES) {
  describeWith(needs, `people chat in a browser (${mode})`, () => {
    let parley: RunningParley;
    let browser: Browser;

    /** Each at another gateway, as far as there are several. */
    const person = (name: string, index: number, path = '') =>
      Person.signUp(browser, `${parley.urls[index % parley.urls.length] ?? ''}${path}`, name);

    beforeAll(async () => {
      [parley, browser] = await Promise.all([start(), launchBrowser()]);
    });

    afterAll(async () => {
      await browser?.close();
      await parley?.stop();
    });

    test('two people talk both ways', async () => {
      const ada = await person('Ada', 0);
      const grace = await person('Grace', 1);
      await ada.createRoom('Engines', ['Grace']);
      await ada.say('Does the analytical engine chat?');
      await grace.openRoom('Engines');
      await grace.sees('Does the analytical engine chat?');
      await grace.say('It compiles, too.');
      await ada.sees('It compiles, too.');
      expect(await ada.shownTexts()).toEqual(['Does the analytical engine chat?', 'It compiles, too.']);
      await Promise.all([ada.context.close(), grace.context.close()]);
    });

    test('a room of four made by one is seen live by the rest, and all see one order', async () => {
      const names = ['Mary', 'Joan', 'Ruth', 'Hedy'];
      const people = await Promise.all(names.map((name, index) => person(name, index)));
      const [mary, ...others] = people;
      if (!mary) throw new Error('Nobody came.');
      await mary.createRoom('The four', names.slice(1));
      await Promise.all(others.map((other) => other.openRoom('The four')));
      const texts = names.flatMap((name) => [1, 2, 3].map((n) => `${name} says ${n}`));
      await Promise.all(
        people.map(async (each) => {
          for (const n of [1, 2, 3]) await each.say(`${each.name} says ${n}`);
        }),
      );
      await Promise.all(people.flatMap((each) => texts.map((text) => each.sees(text))));
      const orders = await Promise.all(people.map((each) => each.shownTexts()));
      expect([...(orders[0] ?? [])].sort()).toEqual([...texts].sort());
      for (const order of orders) expect(order).toEqual(orders[0]);
      await Promise.all(people.map((each) => each.context.close()));
    });

    test('an invitation link admits a user who had no account', async () => {
      const ada = await person('Ida', 0);
      await ada.createRoom('Open house', []);
      await ada.say('Come in!');
      await ada.page.getByRole('button', { name: 'Invite by link' }).first().click();
      const link = ada.page.getByRole('textbox', { name: 'Invitation link' });
      await expect.poll(() => link.inputValue()).toContain('/join/');
      const path = new URL(await link.inputValue()).pathname;
      await ada.closeDialog('Invite by link');
      const lin = await person('Lin', 1, path);
      await lin.sees('Come in!');
      await lin.say('Hello from outside');
      await ada.sees('Hello from outside');
      await Promise.all([ada.context.close(), lin.context.close()]);
    });
  });
}
