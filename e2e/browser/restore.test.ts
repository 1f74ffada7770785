import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@parley/testing';
import { freePort } from '@parley/testing/servers';
import { expect, onTestFinished, test } from 'vitest';
import { launchBrowser, Person } from '../harness/browser.ts';
import { runCommand } from '../harness/command.ts';
import { startEmbedded } from '../harness/parley.ts';
import { logOf } from '../harness/room-log.ts';

describeWith(['browser'], 'a page whose server is restored from a backup', () => {
  test('shows what there is since, sends what it had not sent yet, and goes on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-restore-'));
    const [data, backup, restored] = ['data', 'backup', 'restored'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const port = String(await freePort());
    const start = (dataDir: string) => startEmbedded({ env: { PARLEY_DATA_DIR: dataDir, PARLEY_PORT: port } });
    const [before, browser] = await Promise.all([start(data), launchBrowser()]);
    onTestFinished(async () => {
      await browser.close();
      await before.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const ada = await Person.signUp(browser, before.urls[0], 'Ada');
    const bob = await Person.signUp(browser, before.urls[0], 'Bob');
    await ada.createRoom('Engines', ['Bob']);
    await ada.say('in the backup');
    await bob.openRoom('Engines');
    await bob.sees('in the backup');
    expect(await runCommand('backup', [backup], { PARLEY_DATA_DIR: data })).toMatchObject({ status: 0 });
    for (const text of ['after it', 'and after that']) {
      await ada.say(text);
      await bob.sees(text);
      await ada.hasSent(text);
    }
    await before.stop();
    await ada.say('without a server');
    await ada.sees('without a server');
    expect(await runCommand('restore', [backup, restored])).toMatchObject({ status: 0 });
    const after = await start(restored);
    onTestFinished(() => after.stop());

    await bob.sees('without a server');
    await bob.say('so where were we?');
    await ada.sees('so where were we?');
    const texts = ['in the backup', 'without a server', 'so where were we?'];
    for (const person of [ada, bob]) expect(await person.shownTexts()).toEqual(texts);
    expect((await logOf(ada)).map(({ text }) => text)).toEqual(texts);
    await ada.page.reload();
    await ada.sees('so where were we?');
    expect(await ada.shownTexts()).toEqual(texts);
  });
});
