import type { SqliteValue, Statement, StatementResult } from './database.ts';

/** What the client asks of the worker thread. Requests are answered in the order they were made. */
export type WorkerRequest =
  | { readonly kind: 'open'; readonly file: string }
  | { readonly kind: 'write'; readonly transactions: readonly (readonly Statement[])[] }
  | { readonly kind: 'read'; readonly sql: string; readonly params: Statement['params'] }
  | { readonly kind: 'close' };

/** What each kind of request is answered with. */
export interface WorkerAnswers {
  open: undefined;
  /** One outcome for each transaction, in order. */
  write: readonly TransactionOutcome[];
  read: readonly Readonly<Record<string, SqliteValue>>[];
  close: undefined;
}

export type TransactionOutcome = { readonly results: readonly StatementResult[] } | { readonly fault: SqliteFault };

/** An error as data: threads hand on only the message of an Error. */
export type SqliteFault =
  | { readonly kind: 'constraint'; readonly statementIndex: number; readonly constraint: string }
  | { readonly kind: 'expectation'; readonly statementIndex: number; readonly changes: number }
  /** There is no space for it. */
  | { readonly kind: 'full' }
  | { readonly kind: 'other'; readonly message: string };

export interface RequestMessage {
  readonly id: number;
  readonly request: WorkerRequest;
}

export type AnswerMessage =
  | { readonly id: number; readonly answer: WorkerAnswers[keyof WorkerAnswers] }
  | { readonly id: number; readonly fault: SqliteFault };
