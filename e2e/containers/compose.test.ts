import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { TestUser } from '../harness/test-user.ts';
import { ComposeProject, hasMongoTools, inService } from './compose.ts';
import { docker, inspect } from './docker.ts';

const SERVICES = ['balancer', 'gateway', 'room', 'message', 'redis'] as const;

/** Images made for a closed network may be without them. */
const mongoHasTools = inject('missing').containers === undefined && (await hasMongoTools());

describeWith(['containers', 'browser'], 'compose brings up a cluster from nothing', () => {
  let parley: ComposeProject;
  let browser: Browser;

  /** Connections that each gateway has, the fewest first. */
  const spread = async (): Promise<number[]> => {
    const expression = `(await (await fetch('http://127.0.0.1:9090/metrics')).text()).match(/^parley_connections\\S* (\\d+)/m)[1]`;
    const gateways = await parley.containers('gateway');
    const counts = await Promise.all(gateways.map((gateway) => inService(gateway, expression)));
    return counts.map(Number).sort((a, b) => a - b);
  };

  /** New connections are opened until each gateway has one; a message of any of these users reaches all the others. */
  const talkAcrossGateways = async (): Promise<void> => {
    const everyone = [await TestUser.signUp(parley.url, 'Ruth')];
    while ((await spread())[0] === 0) everyone.push(await TestUser.signUp(parley.url, `Guest ${everyone.length}`));
    const [ruth, ...guests] = everyone;
    if (ruth === undefined) throw new Error('Nobody came.');
    const roomId = await ruth.createRoom(...guests);
    await Promise.all(guests.map((guest) => guest.receives('room_created', roomId)));
    const { seq } = await ruth.say(roomId, 'Can everybody hear me?');
    await Promise.all(guests.map((guest) => guest.sees(roomId, seq)));
    await Promise.all(everyone.map(({ client }) => client.close()));
  };

  beforeAll(async () => {
    [parley, browser] = await Promise.all([ComposeProject.prepare(), launchBrowser()]);
    await parley.up();
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.down();
  });

  test('two people talk both ways through the balancer', async () => {
    const ada = await Person.signUp(browser, parley.url, 'Ada');
    const grace = await Person.signUp(browser, parley.url, 'Grace');
    await ada.createRoom('Engines', ['Grace']);
    await ada.say('Does the analytical engine chat?');
    await grace.openRoom('Engines');
    await grace.sees('Does the analytical engine chat?');
    await grace.say('It compiles, too.');
    await ada.sees('It compiles, too.');
    await Promise.all([ada.context.close(), grace.context.close()]);
  });

  test('gateways are added while people chat, take new connections, and go again without a loss', async () => {
    const mary = await Person.signUp(browser, parley.url, 'Mary');
    const joan = await Person.signUp(browser, parley.url, 'Joan');
    await mary.createRoom('Growing', ['Joan']);
    await joan.openRoom('Growing');
    const texts: string[] = [];
    let scaling = true;
    const talk = async (): Promise<void> => {
      while (scaling) {
        const text = `Line ${texts.length + 1}`;
        await (texts.push(text) % 2 === 0 ? mary : joan).say(text);
        await Promise.all([mary.sees(text), joan.sees(text)]);
      }
    };
    const scale = async (): Promise<void> => {
      await parley.up({ gateways: 3 });
      await talkAcrossGateways();
      await parley.up({ gateways: 1 });
    };
    await Promise.all([talk(), scale().finally(() => (scaling = false))]);
    for (const person of [mary, joan]) {
      // Rows far above are not on the page.
      const shown = await person.shownTexts();
      expect(shown.length).toBeGreaterThan(1);
      expect(shown).toEqual(texts.slice(-shown.length));
    }
    await Promise.all([mary.context.close(), joan.context.close()]);
  });

  test.each(SERVICES)('every %s runs without root and writes nothing but what is meant for it', async (service) => {
    for (const container of await parley.containers(service)) {
      const { HostConfig } = await inspect(container);
      expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'] });
      expect(await docker('exec', container, 'id', '-u')).not.toBe('0');
      await expect(docker('exec', container, 'touch', '/written')).rejects.toThrow('Read-only file system');
    }
  });

  if (mongoHasTools) {
    test('a backup of MongoDB, made while people chat, brings back what there was', async () => {
      const file = join(tmpdir(), `${parley.name}.archive.gz`);
      onTestFinished(() => rm(file, { force: true }));
      const ada = await TestUser.signUp(parley.url, 'Ada');
      const roomId = await ada.createRoom();
      const { messageId } = await ada.say(roomId, 'in the backup');
      await parley.backUp(file);
      await ada.say(roomId, 'after it');
      await parley.restore(file);
      const again = await TestUser.connect(parley.url, ada.session);
      expect(again.connected.epoch).not.toBe(ada.connected.epoch);
      expect((await again.client.command('get_messages', { roomId })).messages).toMatchObject([{ messageId }]);
      expect(await again.say(roomId, 'and on')).toMatchObject({ seq: 2 });
    });
  } else {
    process.stdout.write("The backup of MongoDB is not tried: MongoDB's image at hand is without its tools.\n");
  }

  test('down leaves nothing', async () => {
    await parley.down();
    expect(await parley.remains()).toBe('');
  });
});
