import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { connect, messageIdsIn, newWriter, type Writer } from '../harness/chat.ts';
import { runCommand } from '../harness/command.ts';
import { folderForTest, parleyIn } from './folders.ts';

/** Writes without a pause, every tenth message with an image, until it is stopped; `acknowledged` grows meanwhile. */
function writeOn(writer: Writer) {
  const acknowledged: string[] = [];
  let on = true;
  const writing = (async () => {
    for (let n = 0; on; n++) {
      acknowledged.push(await writer.say(`Message ${n}`, n % 10 === 0 ? [await writer.upload()] : []));
    }
  })();
  const until = async (count: number): Promise<void> => {
    while (acknowledged.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    acknowledged,
    until,
    async stop() {
      on = false;
      await writing;
    },
  };
}

function epochOf(folder: string): unknown {
  const database = new DatabaseSync(join(folder, 'parley.sqlite'), { readOnly: true });
  const row = database.prepare('PRAGMA user_version').get();
  database.close();
  return row?.user_version;
}

test('what was acknowledged before a backup under writes is in the restored Parley, and nothing is broken there', async () => {
  const [data, backups, restored] = [await folderForTest(), await folderForTest(), await folderForTest()];
  const parley = await parleyIn(data);
  const writer = await newWriter(parley.urls[0]);
  const writing = writeOn(writer);
  await writing.until(30);
  const before = [...writing.acknowledged];

  const backup = await runCommand('backup', [join(backups, 'one')], { PARLEY_DATA_DIR: data });
  expect(backup).toMatchObject({ status: 0, output: expect.stringContaining('no fault.') });
  await writing.until(before.length + 30);
  await writing.stop();

  const restoring = await runCommand('restore', [join(backups, 'one'), restored]);
  expect(restoring).toMatchObject({ status: 0 });
  expect(await runCommand('verify', [restored])).toMatchObject({ status: 0 });

  // The same backup again, from where people have gone on: they must see that it is another one.
  expect(await runCommand('restore', [join(backups, 'one'), join(backups, 'again')])).toMatchObject({ status: 0 });
  const folders = [data, join(backups, 'one'), restored, join(backups, 'again')];
  expect(new Set(folders.map(epochOf)).size).toBe(folders.length);

  const again = await parleyIn(restored);
  const client = await connect(again.urls[0], writer.person);
  const kept = await messageIdsIn(client, writer.roomId);
  expect(kept).toEqual(writing.acknowledged.slice(0, kept.length));
  expect(kept.length).toBeGreaterThanOrEqual(before.length);
});

test('a Parley that was killed is backed up with all that it had acknowledged', async () => {
  const [data, backups] = [await folderForTest(), await folderForTest()];
  const parley = await parleyIn(data);
  const writer = await newWriter(parley.urls[0]);
  for (let n = 0; n < 5; n++) await writer.say(`Message ${n}`);
  await parley.kill();

  const backup = await runCommand('backup', [join(backups, 'one')], { PARLEY_DATA_DIR: data });
  expect(backup).toMatchObject({ status: 0, output: expect.stringContaining('5 entries') });
  expect(await readdir(join(backups, 'one'))).toEqual(['parley.sqlite']);
});

test('nothing is overwritten: neither a backup, nor data, nor the folder of a running Parley', async () => {
  const [data, backups, empty] = [await folderForTest(), await folderForTest(), await folderForTest()];
  const parley = await parleyIn(data);
  await newWriter(parley.urls[0]);
  const backup = join(backups, 'one');
  const env = { PARLEY_DATA_DIR: data };
  expect(await runCommand('backup', [backup], env)).toMatchObject({ status: 0 });

  const refused = (output: string) => ({ status: 2, output: expect.stringContaining(output) });
  expect(await runCommand('backup', [backup], env)).toMatchObject(
    refused('exists already: give the name of a new folder'),
  );
  expect(await runCommand('restore', [backup, data])).toMatchObject(refused('in use by another Parley'));
  await parley.stop();
  await mkdir(data, { recursive: true });
  await writeFile(join(data, 'parley.sqlite'), '');
  expect(await runCommand('restore', [backup, data])).toMatchObject(refused('move it away first'));
  expect(await runCommand('restore', [empty, data])).toMatchObject(
    refused('give the data folder of a Parley, or a backup'),
  );
  expect(await runCommand('backup', [join(backups, 'two')], { PARLEY_DATA_DIR: empty })).toMatchObject(
    refused('no data'),
  );
  expect(await runCommand('backup', [])).toMatchObject(refused('npm run backup -- <folder>'));
  expect(await runCommand('restore', [])).toMatchObject(refused('npm run restore -- <backup>'));
});
