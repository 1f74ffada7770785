import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqlite, SchemaTooNewError } from '@parley/platform';
import { expect, test } from 'vitest';
import {
  connect,
  folderForTest,
  newMessageId,
  newTestUser,
  newRoom,
  parleyForTest,
  sendMessage,
  startParley,
} from './testing/parley.ts';

test('closing ends connections with 1012, and all data is there after a restart', async () => {
  const settings = { PARLEY_DATA_DIR: await folderForTest() };
  const first = await startParley(settings);
  const ada = await newTestUser(first);
  const roomId = await newRoom(ada);
  await sendMessage(ada, roomId, 'Still there?');
  await first.close();
  expect((await ada.client.closed).code).toBe(1012);

  const again = await connect(await parleyForTest(settings), ada);
  expect(again.connected.user).toEqual(ada.user);
  expect(again.connected.rooms).toMatchObject([{ roomId, head: 1, lastMessage: { text: 'Still there?' } }]);
});

test('commands that arrived before closing are answered', async () => {
  const parley = await startParley();
  const ada = await newTestUser(parley);
  const roomId = await newRoom(ada);
  const ids = Array.from({ length: 30 }, (_, id) => id);
  const data = () => ({ roomId, messageId: newMessageId(), text: 'Last words' });
  ada.client.send(JSON.stringify(ids.map((id) => ({ id, action: 'create_message', data: data() }))));
  await ada.client.waitFor((item) => 'id' in item && item.id === 0);
  await parley.close();
  const answered = ada.client.items.filter((item) => 'ok' in item && typeof item.id === 'number');
  expect(answered).toHaveLength(ids.length);
});

test('a data folder in use is rejected', async () => {
  const { dataDir } = await parleyForTest();
  await expect(startParley({ PARLEY_DATA_DIR: dataDir })).rejects.toThrow(/in use.*PARLEY_DATA_DIR/);
});

test('a data folder that cannot be written is rejected', async () => {
  const file = join(await folderForTest(), 'file');
  await writeFile(file, '');
  await expect(startParley({ PARLEY_DATA_DIR: join(file, 'data') })).rejects.toThrow(
    /cannot be written.*PARLEY_DATA_DIR/,
  );
});

test('a taken port is rejected, and the data folder is unlocked', async () => {
  const { url } = await parleyForTest();
  const dataDir = await folderForTest();
  const settings = { PARLEY_DATA_DIR: dataDir, PARLEY_PORT: new URL(url).port };
  await expect(startParley(settings)).rejects.toThrow(/taken.*PARLEY_PORT/);
  await parleyForTest({ PARLEY_DATA_DIR: dataDir });
});

test('data of a newer release is rejected', async () => {
  const dataDir = await folderForTest();
  await (await startParley({ PARLEY_DATA_DIR: dataDir })).close();
  const database = await openSqlite(join(dataDir, 'parley.sqlite'));
  await database.write([{ sql: "UPDATE schema_versions SET version = 99 WHERE component = 'message'" }]);
  await database.close();
  await expect(startParley({ PARLEY_DATA_DIR: dataDir })).rejects.toThrow(SchemaTooNewError);
});
