import type { Statement } from '@parley/platform';

/** Collects the statements of one transaction: SqliteDatabase.write() runs them together. */
export class SqliteUnitOfWork {
  readonly statements: Statement[] = [];

  add(...statements: readonly Statement[]): void {
    this.statements.push(...statements);
  }
}
