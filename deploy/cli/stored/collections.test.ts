import { DatabaseSync } from 'node:sqlite';
import { messageMigrations } from '@parley/message';
import { roomMigrations } from '@parley/room';
import { expect, test } from 'vitest';
import { STORED_COLLECTIONS, storedCollection, toDocument } from './collections.ts';

/** The columns of every table that the migrations make, and which of them are its key. */
function schema(): Record<string, { columns: string[]; key: string[] }> {
  const database = new DatabaseSync(':memory:');
  for (const { statements } of [...roomMigrations.sqlite, ...messageMigrations.sqlite]) {
    for (const statement of statements) database.exec(statement);
  }
  const tables = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_%'`)
    .all();
  const described: ReturnType<typeof schema> = {};
  for (const { name } of tables) {
    const columns = database.prepare('SELECT name, pk FROM pragma_table_info(?)').all(String(name));
    const key = columns.filter(({ pk }) => Number(pk) > 0).sort((a, b) => Number(a['pk']) - Number(b['pk']));
    described[String(name)] = { columns: columns.map(nameOf).sort(), key: key.map(nameOf) };
  }
  return described;
}

const nameOf = (column: Readonly<Record<string, unknown>>): string => String(column['name']);

test('the list of collections has every table of the schema, every column and the keys', () => {
  const listed = STORED_COLLECTIONS.map(({ name, columns, key }) => [
    name,
    { columns: Object.keys(columns).sort(), key },
  ]);
  expect(Object.fromEntries(listed)).toEqual(schema());
});

test('a row becomes the document that the services write themselves', () => {
  const entry = { room_id: 'r', seq: 1, entry_id: 'e', event: 'message_created', user_id: 'u', at: 2, count: 1 };
  const row = { ...entry, member_delta: 0, message_seq: 1, data: '{"text":"Hello"}' };
  expect(toDocument(storedCollection('entries'), row)).toEqual({
    ...{ roomId: 'r', seq: 1, entryId: 'e', event: 'message_created', userId: 'u', at: 2, count: 1 },
    ...{ memberDelta: 0, messageSeq: 1, data: { text: 'Hello' } },
  });
  const attachment = { attachment_id: 'a', room_id: 'r', message_id: 'm' };
  expect(toDocument(storedCollection('attachments'), attachment)).toMatchObject({
    attachmentId: 'a',
    claim: { roomId: 'r', messageId: 'm' },
  });
  const unclaimed = { attachment_id: 'a', room_id: null, message_id: null };
  expect(toDocument(storedCollection('attachments'), unclaimed)).toMatchObject({ claim: null });
});
