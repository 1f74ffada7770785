import { pendingMigrations } from '../migrations.ts';
import type { SqliteDatabase } from './database.ts';

export interface SqliteMigration {
  /** 1, 2, 3, … */
  readonly version: number;
  /** Run in one transaction with the update of the version. */
  readonly statements: readonly string[];
}

/**
 * Brings the tables of a component to its latest version. Rejects with SchemaTooNewError, having changed nothing, when a
 * newer release has used the file.
 */
export async function migrateSqlite(
  database: SqliteDatabase,
  component: string,
  migrations: readonly SqliteMigration[],
): Promise<void> {
  await database.write([
    { sql: 'CREATE TABLE IF NOT EXISTS schema_versions (component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT' },
  ]);
  const [row] = await database.read<{ version: number }>('SELECT version FROM schema_versions WHERE component = ?', [
    component,
  ]);
  for (const { version, statements } of pendingMigrations(component, row?.version ?? 0, migrations)) {
    await database.write([
      ...statements.map((sql) => ({ sql })),
      {
        sql: `INSERT INTO schema_versions (component, version) VALUES (?, ?)
              ON CONFLICT (component) DO UPDATE SET version = excluded.version`,
        params: [component, version],
      },
    ]);
  }
}
