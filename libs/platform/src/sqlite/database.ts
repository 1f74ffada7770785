export type SqliteValue = null | number | bigint | string | Uint8Array;

export interface Statement {
  readonly sql: string;
  readonly params?: readonly SqliteValue[] | Readonly<Record<string, SqliteValue>>;
  /** The transaction is rolled back and rejects with SqliteExpectationError unless it changes this many rows. */
  readonly expectChanges?: number;
}

export interface StatementResult {
  readonly rows: readonly Readonly<Record<string, SqliteValue>>[];
  readonly changes: number;
}

/**
 * One SQLite file, written by one thread and read by another. Waiting transactions are committed together, so concurrent
 * writers share the cost of a durable commit, and reads do not wait for it.
 */
export interface SqliteDatabase {
  /** All of the statements or none; durable (WAL, synchronous=FULL) once resolved. */
  write(statements: readonly Statement[]): Promise<readonly StatementResult[]>;
  /** Sees all writes that resolved before. */
  read<Row extends object>(sql: string, params?: Statement['params']): Promise<Row[]>;
  close(): Promise<void>;
}

/** Injection token of the SqliteDatabase. */
export const SQLITE_DATABASE = Symbol('SqliteDatabase');

/** A UNIQUE, PRIMARY KEY, CHECK or FOREIGN KEY constraint failed; the transaction was rolled back. */
export class SqliteConstraintError extends Error {
  /** Index of the failed statement in its transaction. */
  readonly statementIndex: number;
  /** As SQLite names it, e.g. `entries.room_id, entries.seq`. */
  readonly constraint: string;

  constructor(statementIndex: number, constraint: string) {
    super(`A statement violates the constraint on ${constraint}.`);
    this.name = 'SqliteConstraintError';
    this.statementIndex = statementIndex;
    this.constraint = constraint;
  }
}

/** A statement with expectChanges changed another number of rows; the transaction was rolled back. */
export class SqliteExpectationError extends Error {
  readonly statementIndex: number;
  readonly changes: number;

  constructor(statementIndex: number, changes: number) {
    super(`Statement ${statementIndex} changed ${changes} rows.`);
    this.name = 'SqliteExpectationError';
    this.statementIndex = statementIndex;
    this.changes = changes;
  }
}
