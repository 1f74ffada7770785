import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from './client.ts';
import { SqliteConstraintError, SqliteExpectationError, type SqliteDatabase } from './database.ts';

let folder: string;
let file: string;
let database: SqliteDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-sqlite-'));
  file = join(folder, 'test.db');
  database = await openSqlite(file);
  await database.write([
    { sql: 'CREATE TABLE entries (room TEXT, seq INTEGER, text TEXT, UNIQUE (room, seq)) STRICT' },
  ]);
});

afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const insert = (seq: number, text = 'hello') => ({
  sql: 'INSERT INTO entries (room, seq, text) VALUES (?, ?, ?)',
  params: ['room', seq, text],
});
const storedSeqs = async (): Promise<number[]> => {
  const rows = await database.read<{ seq: number }>('SELECT seq FROM entries ORDER BY seq');
  return rows.map((row) => row.seq);
};

describe('a transaction', () => {
  test('answers with the rows and the number of changes of each statement', async () => {
    const results = await database.write([
      insert(1),
      { sql: 'INSERT INTO entries (room, seq) VALUES (:room, :seq) RETURNING seq', params: { room: 'room', seq: 2 } },
      { sql: 'SELECT count(*) AS count FROM entries' },
      { sql: 'UPDATE entries SET text = NULL' },
    ]);
    expect(results).toEqual([
      { rows: [], changes: 1 },
      { rows: [{ seq: 2 }], changes: 1 },
      { rows: [{ count: 2 }], changes: 0 },
      { rows: [], changes: 2 },
    ]);
  });

  test('is atomic', async () => {
    await database.write([insert(1)]);
    await expect(database.write([insert(2), insert(3), insert(1)])).rejects.toThrow(SqliteConstraintError);
    expect(await storedSeqs()).toEqual([1]);
  });

  test('that violates a constraint rejects with the statement and the constraint', async () => {
    await database.write([insert(1)]);
    const refused = await database.write([insert(2), insert(1)]).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      name: 'SqliteConstraintError',
      statementIndex: 1,
      constraint: 'entries.room, entries.seq',
    });
  });

  test('that changes another number of rows than expected is rolled back', async () => {
    await database.write([insert(1)]);
    const update = { sql: 'UPDATE entries SET text = ? WHERE seq = ?', params: ['new', 7], expectChanges: 1 };
    const refused = await database.write([insert(2), update]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SqliteExpectationError);
    expect(refused).toMatchObject({ statementIndex: 1, changes: 0 });
    expect(await storedSeqs()).toEqual([1]);
  });

  test('with invalid SQL rejects with the message of SQLite', async () => {
    await expect(database.write([insert(1), { sql: 'INSERT INTO nowhere VALUES (1)' }])).rejects.toThrow(
      'no such table: nowhere',
    );
    expect(await storedSeqs()).toEqual([]);
  });
});

describe('transactions written at the same time', () => {
  test('do not affect each other when some fail', async () => {
    await database.write([insert(3)]);
    const outcomes = await Promise.allSettled([
      database.write([insert(1)]),
      database.write([insert(2), insert(3)]),
      database.write([{ ...insert(4), expectChanges: 2 }]),
      database.write([{ sql: 'not SQL' }]),
      database.write([insert(5)]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(await storedSeqs()).toEqual([1, 3, 5]);
  });

  test('run in the order they were written, each with the changes before it', async () => {
    const next = {
      sql: 'INSERT INTO entries (room, seq) SELECT ?, coalesce(max(seq), 0) + 1 FROM entries RETURNING seq',
      params: ['room'],
    };
    const results = await Promise.all(Array.from({ length: 1_200 }, () => database.write([next])));
    expect(results.map(([result]) => result?.rows[0]?.['seq'])).toEqual(results.map((_, index) => index + 1));
  });

  test('all reject when their commit fails, and later ones succeed', async () => {
    await database.write([
      { sql: 'CREATE TABLE rooms (room TEXT PRIMARY KEY)' },
      { sql: 'CREATE TABLE notes (room TEXT REFERENCES rooms DEFERRABLE INITIALLY DEFERRED)' },
    ]);
    const outcomes = await Promise.allSettled([
      database.write([insert(1)]),
      // Deferred, so it fails in the commit.
      database.write([{ sql: "INSERT INTO notes VALUES ('nowhere')" }]),
      database.write([insert(2)]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await storedSeqs()).toEqual([]);
    await database.write([insert(1)]);
    expect(await storedSeqs()).toEqual([1]);
  });

  test('reject when the disk is full, and no acknowledged one is lost', async () => {
    await database.write([{ sql: 'PRAGMA max_page_count = 20' }]);
    const attempts = Array.from({ length: 40 }, (_, index) => index + 1);
    const outcomes = await Promise.allSettled(attempts.map((seq) => database.write([insert(seq, 'x'.repeat(3_000))])));
    const acknowledged = attempts.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const outcome of refused) {
      expect(outcome).toMatchObject({
        reason: {
          code: 'unavailable',
          message: expect.stringContaining('is full: its operator must free some space'),
        },
      });
    }
    expect(await database.read('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(await storedSeqs()).toEqual(acknowledged);
    await database.write([{ sql: 'PRAGMA max_page_count = 1000' }]);
    await database.write([insert(100)]);
    expect(await storedSeqs()).toEqual([...acknowledged, 100]);
  });
});

test('a read returns all writes that were acknowledged before it', async () => {
  for (let seq = 1; seq <= 50; seq++) {
    await database.write([insert(seq)]);
    expect(await storedSeqs()).toHaveLength(seq);
  }
});

test('bytes, null and large integers are read as they were written', async () => {
  await database.write([{ sql: 'CREATE TABLE things (bytes BLOB, missing TEXT, number INTEGER)' }]);
  const row = { bytes: new Uint8Array([0, 255, 7]), missing: null, number: Number.MAX_SAFE_INTEGER };
  await database.write([{ sql: 'INSERT INTO things VALUES (:bytes, :missing, :number)', params: row }]);
  expect(await database.read('SELECT * FROM things')).toEqual([row]);
});

test('closing commits earlier writes and rejects later ones', async () => {
  const written = database.write([insert(1)]);
  await database.close();
  await written;
  await expect(database.write([insert(2)])).rejects.toThrow('The database is closed.');
  await expect(database.read('SELECT 1')).rejects.toThrow('The database is closed.');
  database = await openSqlite(file);
  expect(await storedSeqs()).toEqual([1]);
});

test('rejects a file that cannot be opened with a message for the operator', async () => {
  const missing = join(folder, 'missing', 'test.db');
  await expect(openSqlite(missing)).rejects.toThrow(
    `The database ${missing} cannot be opened: unable to open database file.`,
  );
});

test('every commit is synced to the disk', async () => {
  expect(await database.read('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(await database.read('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
});

test('keeps acknowledged writes when the process is killed', async () => {
  const script = `
    import { openSqlite } from ${JSON.stringify(new URL('./client.ts', import.meta.url).href)};
    const database = await openSqlite(${JSON.stringify(file)});
    for (let first = 1; ; first += 10) {
      await Promise.all(Array.from({ length: 10 }, async (_, index) => {
        const seq = first + index;
        await database.write([{ sql: 'INSERT INTO entries (room, seq) VALUES (?, ?)', params: ['room', seq] }]);
        process.stdout.write(seq + '\\n');
      }));
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === 200) child.kill('SIGKILL');
  }
  await ended;
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  expect(await storedSeqs()).toEqual(expect.arrayContaining(acknowledged));
});
