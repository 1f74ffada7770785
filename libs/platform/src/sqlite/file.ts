import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SqliteValue, Statement, StatementResult } from './database.ts';
import type { SqliteFault, TransactionOutcome } from './messages.ts';

const CACHED_STATEMENTS = 256;
const SQLITE_CONSTRAINT = 19;
const SQLITE_FULL = 13;

/** An open SQLite file, used synchronously by the worker thread. */
export class SqliteFile {
  readonly #database: DatabaseSync;
  /** Prepared statements by their text; the most recently used is the last. */
  readonly #prepared = new Map<string, StatementSync>();

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true });
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768');
  }

  /**
   * Commits the transactions together, each in a savepoint of its own, so that a failed one does not affect the others.
   * Throws when the commit fails (disk full); then all are rolled back. Declare no deferred constraint: it would fail in
   * the commit.
   */
  commitTogether(transactions: readonly (readonly Statement[])[]): TransactionOutcome[] {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const outcomes = transactions.map((statements) => this.#attempt(statements));
      this.#database.exec('COMMIT');
      return outcomes;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  read(sql: string, params: Statement['params']): Record<string, SqliteValue>[] {
    return fetchRows(this.#prepare(sql), params);
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #attempt(statements: readonly Statement[]): TransactionOutcome {
    this.#database.exec('SAVEPOINT attempt');
    const results: StatementResult[] = [];
    for (const [index, statement] of statements.entries()) {
      const outcome = this.#execute(statement, index);
      if ('fault' in outcome) {
        this.#database.exec('ROLLBACK TO attempt; RELEASE attempt');
        return outcome;
      }
      results.push(outcome.result);
    }
    this.#database.exec('RELEASE attempt');
    return { results };
  }

  #execute(statement: Statement, index: number): { result: StatementResult } | { fault: SqliteFault } {
    try {
      const result = this.#change(statement);
      if (statement.expectChanges === undefined || statement.expectChanges === result.changes) return { result };
      return { fault: { kind: 'expectation', statementIndex: index, changes: result.changes } };
    } catch (error) {
      // On a full disk SQLite may have rolled back everything, the other transactions too.
      if (!this.#database.isTransaction) throw error;
      return { fault: describeFault(error, index) };
    }
  }

  #change({ sql, params }: Statement): StatementResult {
    const prepared = this.#prepare(sql);
    if (prepared.columns().length === 0) return { rows: [], changes: runStatement(prepared, params) };
    const before = this.#totalChanges();
    const rows = fetchRows(prepared, params);
    return { rows, changes: this.#totalChanges() === before ? 0 : rows.length };
  }

  #totalChanges(): SqliteValue | undefined {
    return this.read('SELECT total_changes() AS total', undefined)[0]?.['total'];
  }

  #prepare(sql: string): StatementSync {
    const prepared = this.#prepared.get(sql) ?? this.#database.prepare(sql);
    this.#prepared.delete(sql);
    this.#prepared.set(sql, prepared);
    if (this.#prepared.size > CACHED_STATEMENTS) {
      const [oldest] = this.#prepared.keys();
      if (oldest !== undefined) this.#prepared.delete(oldest);
    }
    return prepared;
  }
}

type Params = Statement['params'];

const isList = (params: Params): params is readonly SqliteValue[] => Array.isArray(params);

function fetchRows(statement: StatementSync, params: Params): Record<string, SqliteValue>[] {
  const rows = isList(params) ? statement.all(...params) : statement.all({ ...params });
  return rows;
}

function runStatement(statement: StatementSync, params: Params): number {
  const { changes } = isList(params) ? statement.run(...params) : statement.run({ ...params });
  return Number(changes);
}

/** The fault of a request as a whole. */
export function faultOf(error: unknown): SqliteFault {
  if (hasCode(error, SQLITE_FULL)) return { kind: 'full' };
  return { kind: 'other', message: error instanceof Error ? error.message : String(error) };
}

/** The fault of the statement at this index of its transaction. */
function describeFault(error: unknown, statementIndex: number): SqliteFault {
  const fault = faultOf(error);
  if (fault.kind !== 'other' || !hasCode(error, SQLITE_CONSTRAINT)) return fault;
  return { kind: 'constraint', statementIndex, constraint: constraintName(fault.message) };
}

/** The low byte of an extended result code is the code itself. */
const hasCode = (error: unknown, code: number): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === code;

/** `UNIQUE constraint failed: a.b, a.c` → `a.b, a.c`; `FOREIGN KEY constraint failed` → `FOREIGN KEY`. */
const constraintName = (message: string): string =>
  /constraint failed: (.+)$/.exec(message)?.[1] ?? message.replace(/ constraint failed$/, '');
