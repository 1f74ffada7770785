import type { SqliteDatabase, SqliteValue, Statement, StatementResult } from './database.ts';
import { closedError, toError, WorkerThread } from './thread.ts';

/** Bounds how long a transaction waits for the commit before it: 500 single rows take about 5 ms. */
const TRANSACTIONS_PER_COMMIT = 500;

/** Opens the file; creates it when it does not exist. Rejects with a message for the operator when it cannot. */
export async function openSqlite(file: string): Promise<SqliteDatabase> {
  const [writer, reader] = [new WorkerThread(), new WorkerThread()];
  try {
    // One after the other, because the first creates the file.
    for (const thread of [writer, reader]) await thread.ask({ kind: 'open', file });
  } catch (error) {
    await Promise.all([writer.terminate(), reader.terminate()]);
    throw new Error(
      `The database ${file} cannot be opened: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  return new SqliteClient(writer, reader);
}

interface WaitingTransaction {
  readonly statements: readonly Statement[];
  resolve(results: readonly StatementResult[]): void;
  reject(error: Error): void;
}

/**
 * Collects transactions while the writer commits; the next commit takes all that wait. Reads have a thread of their own:
 * on the writer's each would wait 2 to 20 ms for a flush to the disk, and a message needs a read first.
 */
class SqliteClient implements SqliteDatabase {
  readonly #writer: WorkerThread;
  readonly #reader: WorkerThread;
  #waiting: WaitingTransaction[] = [];
  #committing: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(writer: WorkerThread, reader: WorkerThread) {
    this.#writer = writer;
    this.#reader = reader;
  }

  write(statements: readonly Statement[]): Promise<readonly StatementResult[]> {
    if (this.#closed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ statements, resolve, reject });
      this.#committing ??= this.#commitWaiting();
    });
  }

  async read<Row extends object>(sql: string, params?: Statement['params']): Promise<Row[]> {
    if (this.#closed) throw closedError();
    const rows: readonly Readonly<Record<string, SqliteValue>>[] = await this.#reader.ask({
      kind: 'read',
      sql,
      params,
    });
    return rows as Row[];
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    await this.#committing;
    // The writer last: the last connection to close moves the write-ahead log into the file.
    for (const thread of [this.#reader, this.#writer]) {
      await thread.ask({ kind: 'close' });
      await thread.exited;
    }
  }

  async #commitWaiting(): Promise<void> {
    // After a microtask, so that writes of the same turn share the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, TRANSACTIONS_PER_COMMIT));
    this.#committing = undefined;
  }

  async #commit(batch: readonly WaitingTransaction[]): Promise<void> {
    try {
      const outcomes = await this.#writer.ask({ kind: 'write', transactions: batch.map((one) => one.statements) });
      for (const [index, outcome] of outcomes.entries()) {
        if ('results' in outcome) batch[index]?.resolve(outcome.results);
        else batch[index]?.reject(toError(outcome.fault));
      }
    } catch (error) {
      for (const transaction of batch) transaction.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
