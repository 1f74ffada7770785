import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, sharedMongo } from '@parley/testing';
import { expect, test, vi } from 'vitest';
import { newWriter } from '../harness/chat.ts';
import { documented, documentedCommands, runInShell } from '../harness/documented.ts';
import { folderForTest, parleyIn } from './folders.ts';

// Up to six commands, one after the other.
vi.setConfig({ testTimeout: 240_000 });

/** Those of MongoDB's own tools only where its image holds them. */
test('every command of operations.md is run by a test', () => {
  const tests = join(import.meta.dirname, '..');
  const sources = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .map((path) => readFileSync(join(tests, path), 'utf8'));
  const unrun = documentedCommands.filter((command) => !sources.some((source) => source.includes(command)));
  expect(documentedCommands.length).toBeGreaterThan(15);
  expect(unrun).toEqual([]);
});

describeWith(['mongo', 'redis'], 'the commands for data', () => {
  test('back up a running Parley, restore and verify it, examine it, and take it into a cluster', async () => {
    const [data, folder] = [await folderForTest(), await folderForTest()];
    const [backup, restored] = [join(folder, 'backup'), join(folder, 'restored')];
    const parley = await parleyIn(data);
    const writer = await newWriter(parley.urls[0]);
    await writer.say('Kept', [await writer.upload()]);

    const env = { PARLEY_DATA_DIR: data };
    await runInShell(documented('npm run backup -- ../parley-backup', { '../parley-backup': backup }), { env });
    const restore = { '../parley-backup': backup, './data-restored': restored };
    await runInShell(documented('npm run restore -- ../parley-backup ./data-restored', restore));
    const verified = await runInShell(documented('npm run verify -- ./data', { './data': restored }));
    expect(verified).toContain('no fault.');
    const address = { 'https://chat.example.org': parley.urls[0] };
    await runInShell(documented('npm run doctor -- https://chat.example.org', address));

    const example = 'mongodb://mongo-1,mongo-2,mongo-3/parley?replicaSet=parley';
    const url = (await sharedMongo()).databaseUrl();
    await runInShell(
      documented(
        "npm run migrate:data -- --from ./data --to 'mongodb://mongo-1,mongo-2,mongo-3/parley?replicaSet=parley'",
        { './data': restored, [example]: url },
      ),
    );
    const moved = documented("npm run verify -- 'mongodb://mongo-1,mongo-2,mongo-3/parley?replicaSet=parley'", {
      [example]: url,
    });
    expect(await runInShell(moved)).toContain('no fault.');
  });
});
