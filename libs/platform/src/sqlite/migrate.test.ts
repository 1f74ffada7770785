import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SchemaTooNewError } from '../migrations.ts';
import { openSqlite } from './client.ts';
import type { SqliteDatabase } from './database.ts';
import { migrateSqlite } from './migrate.ts';

let folder: string;
let database: SqliteDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-sqlite-'));
  database = await openSqlite(join(folder, 'test.db'));
});

afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const first = { version: 1, statements: ['CREATE TABLE rooms (id TEXT)', "INSERT INTO rooms VALUES ('a')"] };
const second = { version: 2, statements: ['ALTER TABLE rooms ADD COLUMN name TEXT'] };
const versions = () => database.read('SELECT component, version FROM schema_versions ORDER BY component');

test('runs each migration once, in order, and stores its version', async () => {
  await migrateSqlite(database, 'room', [first]);
  await migrateSqlite(database, 'room', [first, second]);
  await migrateSqlite(database, 'room', [first, second]);
  expect(await database.read('SELECT * FROM rooms')).toEqual([{ id: 'a', name: null }]);
  expect(await versions()).toEqual([{ component: 'room', version: 2 }]);
});

test('stores a version for each component', async () => {
  await migrateSqlite(database, 'room', [first, second]);
  await migrateSqlite(database, 'message', [{ version: 1, statements: ['CREATE TABLE entries (id TEXT)'] }]);
  expect(await versions()).toEqual([
    { component: 'message', version: 1 },
    { component: 'room', version: 2 },
  ]);
});

test('rolls back a failed migration', async () => {
  const broken = { version: 2, statements: ['CREATE TABLE half (id TEXT)', 'not SQL'] };
  await expect(migrateSqlite(database, 'room', [first, broken])).rejects.toThrow('syntax error');
  expect(await versions()).toEqual([{ component: 'room', version: 1 }]);
  expect(await database.read("SELECT name FROM sqlite_schema WHERE name = 'half'")).toEqual([]);
});

test('rejects data of a newer release without changing it', async () => {
  await migrateSqlite(database, 'room', [first, second]);
  const refused = await migrateSqlite(database, 'room', [first]).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(SchemaTooNewError);
  expect(String(refused)).toContain('has schema version 2, but this release of Parley knows only up to 1');
});
