import type { SqliteValue, Statement, StatementResult } from './database.ts';

/** Requests to the worker thread, which answers them in order. */
export type WorkerRequest =
  | { readonly kind: 'open'; readonly file: string }
  | { readonly kind: 'write'; readonly transactions: readonly (readonly Statement[])[] }
  | { readonly kind: 'read'; readonly sql: string; readonly params: Statement['params'] }
  | { readonly kind: 'close' };

/** The answer to each kind of request. */
export interface WorkerAnswers {
  open: undefined;
  /** One outcome for each transaction, in order. */
  write: readonly TransactionOutcome[];
  read: readonly Readonly<Record<string, SqliteValue>>[];
  close: undefined;
}

export type TransactionOutcome = { readonly results: readonly StatementResult[] } | { readonly fault: SqliteFault };

/** An error as data, because only the message of an Error passes between threads. */
export type SqliteFault =
  | { readonly kind: 'constraint'; readonly statementIndex: number; readonly constraint: string }
  | { readonly kind: 'expectation'; readonly statementIndex: number; readonly changes: number }
  /** The disk is full. */
  | { readonly kind: 'full' }
  | { readonly kind: 'other'; readonly message: string };

export interface RequestMessage {
  readonly id: number;
  readonly request: WorkerRequest;
}

export type AnswerMessage =
  | { readonly id: number; readonly answer: WorkerAnswers[keyof WorkerAnswers] }
  | { readonly id: number; readonly fault: SqliteFault };
