import { describeWith, sharedMongo } from '@parley/testing';
import { createConnection, type Connection } from 'mongoose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connect, messageIdsIn, newWriter } from '../harness/chat.ts';
import { runCommand, startCommand } from '../harness/command.ts';
import { startCluster } from '../harness/parley.ts';
import { folderForTest, parleyIn } from './folders.ts';

const APP_NAME = 'parley-migrate-data';
/** Longer than any test. */
const BLOCKED_MS = 600_000;

/** A data folder of a stopped Parley: a room with messages and three images. */
async function writtenData() {
  const folder = await folderForTest();
  const parley = await parleyIn(folder);
  const writer = await newWriter(parley.urls[0]);
  for (let n = 0; n < 3; n++) await writer.say(`Image ${n}`, [await writer.upload()]);
  await writer.say('Hello');
  const messageIds = await messageIdsIn(writer.client, writer.roomId);
  await parley.kill();
  return { folder, writer, messageIds };
}

async function database(): Promise<{ url: string; connection: Connection }> {
  const url = (await sharedMongo()).databaseUrl();
  const connection = await createConnection(url).asPromise();
  onTestFinished(() => connection.close());
  return { url, connection };
}

/** Runs the migration up to where it would do that, the (n + 1)th time, and kills it there. */
async function killedAt(
  { url, connection }: Awaited<ReturnType<typeof database>>,
  folder: string,
  { command, collection, skip = 0 }: { command: string; collection: string; skip?: number },
): Promise<void> {
  const admin = connection.getClient().db('admin');
  const { count } = await admin.command({
    configureFailPoint: 'failCommand',
    mode: skip === 0 ? 'alwaysOn' : { skip },
    data: {
      failCommands: [command],
      appName: APP_NAME,
      namespace: `${connection.name}.${collection}`,
      ...{ blockConnection: true, blockTimeMS: BLOCKED_MS },
    },
  });
  const migration = startCommand('migrate-data', ['--from', folder, '--to', url]);
  await admin.command({ waitForFailPoint: 'failCommand', timesEntered: Number(count) + 1, maxTimeMS: 50_000 });
  migration.kill('SIGKILL');
  expect((await migration.ended).status).toBeNull();
  // The server would go on sleeping, and not switch the fail point off before it wakes.
  const { inprog } = await admin.command({ currentOp: 1, appName: APP_NAME, $all: true });
  for (const { opid } of inprog as { opid?: number }[]) if (opid) await admin.command({ killOp: 1, op: opid });
  await admin.command({ configureFailPoint: 'failCommand', mode: 'off' });
}

const migrate = (folder: string, url: string) => runCommand('migrate-data', ['--from', folder, '--to', url]);

// Each starts up to a dozen processes, one after the other.
vi.setConfig({ testTimeout: 240_000 });

describeWith(['mongo', 'redis'], 'from one process to a cluster', () => {
  test('a copy that is killed twice in its middle goes on, is the same, and is chatted on', async () => {
    const { folder, writer, messageIds } = await writtenData();
    const target = await database();
    await killedAt(target, folder, { command: 'update', collection: 'entries' });
    await killedAt(target, folder, { command: 'insert', collection: 'attachments.chunks', skip: 2 });
    const finished = await migrate(folder, target.url);
    expect(finished.output).toContain('Continuing an interrupted copy.');
    expect(finished.output).toContain('images and thumbnails: 6 of 6, the same');
    expect(finished.output).toContain('entries: 4 of 4, the same');
    expect(finished.status).toBe(0);
    expect(await runCommand('verify', [target.url])).toMatchObject({ status: 0 });

    const cluster = await startCluster({ env: { PARLEY_MONGO_URL: target.url } });
    onTestFinished(() => cluster.stop());
    const client = await connect(cluster.urls[0], writer.person);
    expect(await messageIdsIn(client, writer.roomId)).toEqual(messageIds);
    const { messages } = await client.command('get_messages', { roomId: writer.roomId, limit: 1, before: 2 });
    const [image] = messages[0]?.attachments ?? [];
    const path = `/api/attachments/${image?.attachmentId ?? ''}`;
    const bytes = await fetch(`${cluster.urls[1]}${path}`, { headers: { cookie: writer.person.cookie } });
    expect((await bytes.arrayBuffer()).byteLength).toBe(image?.size);
  });

  test('what changed in the copy is found by its checksum', async () => {
    const { folder } = await writtenData();
    const target = await database();
    await killedAt(target, folder, { command: 'insert', collection: 'attachments.chunks' });
    await target.connection.collection('entries').updateOne({ seq: 4 }, { $set: { 'data.text': 'Hallo' } });
    const outcome = await migrate(folder, target.url);
    expect(outcome.output).toContain('entries: 4 of 4, DIFFERENT');
    expect(outcome.output).toContain('The copy differs in entries: drop that database and run the command again.');
    expect(outcome.status).toBe(1);
  });

  test('it neither starts beside a running Parley nor touches a database that holds anything else', async () => {
    const folder = await folderForTest();
    const parley = await parleyIn(folder);
    const writer = await newWriter(parley.urls[0]);
    const [target, other] = [await database(), await database()];
    const refused = (words: string) => ({ status: 1, output: expect.stringContaining(words) });
    expect(await migrate(folder, target.url)).toMatchObject(refused('in use by another Parley'));
    await parley.kill();

    await other.connection.collection('users').insertOne({ userId: 'user-of-the-target' });
    expect(await migrate(folder, other.url)).toMatchObject(refused('That database already holds data'));
    await killedAt(target, folder, { command: 'update', collection: 'rooms' });
    await parley.restart();
    const client = await connect(parley.urls[0], writer.person);
    await client.command('leave_room', { roomId: writer.roomId });
    await parley.kill();
    expect(await migrate(folder, target.url)).toMatchObject(refused('an interrupted copy of other data'));

    const fresh = await database();
    expect(await migrate(folder, fresh.url)).toMatchObject({ status: 0 });
    expect(await migrate(folder, fresh.url)).toMatchObject(refused('is complete'));
    expect(await migrate(await folderForTest(), fresh.url)).toMatchObject(refused('There is no data in'));
  });
});
