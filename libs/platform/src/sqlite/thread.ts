import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { diskFull } from '../disk-full.ts';
import { SqliteConstraintError, SqliteExpectationError } from './database.ts';
import type { AnswerMessage, RequestMessage, SqliteFault, WorkerAnswers, WorkerRequest } from './messages.ts';

/** Next to this file: .ts in the sources, .js in the build. */
const WORKER_URL = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);

interface WaitingAnswer {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** A thread that works on one file, with the requests that it has not answered yet. */
export class WorkerThread {
  // Without the flags of this process, some of which are valid for a main program only.
  readonly #worker = new Worker(WORKER_URL, { execArgv: [] });
  readonly #waiting = new Map<number, WaitingAnswer>();
  #lastId = 0;
  #fault: Error | undefined;
  /** Resolves when the thread has ended, after unanswered requests were rejected. */
  readonly exited: Promise<void>;

  constructor() {
    this.#worker.on('message', (message: AnswerMessage) => this.#settle(message));
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#fail(closedError());
        resolve();
      });
    });
  }

  ask<Kind extends WorkerRequest['kind']>(
    request: Extract<WorkerRequest, { kind: Kind }>,
  ): Promise<WorkerAnswers[Kind]> {
    if (this.#fault) return Promise.reject(this.#fault);
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#worker.postMessage({ id, request } satisfies RequestMessage);
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as WorkerAnswers[Kind]), reject });
    });
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(message: AnswerMessage): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('fault' in message) waiting?.reject(toError(message.fault));
    else waiting?.resolve(message.answer);
  }

  #fail(error: Error): void {
    this.#fault ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#fault);
    this.#waiting.clear();
  }
}

export const closedError = (): Error => new Error('The database is closed.');

/** The error of a fault in the thread. */
export function toError(fault: SqliteFault): Error {
  switch (fault.kind) {
    case 'constraint':
      return new SqliteConstraintError(fault.statementIndex, fault.constraint);
    case 'expectation':
      return new SqliteExpectationError(fault.statementIndex, fault.changes);
    case 'full':
      return diskFull();
    case 'other':
      return new Error(fault.message);
  }
}
