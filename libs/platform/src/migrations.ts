/** The stored data was made by a newer release of Parley, which this one would damage. */
export class SchemaTooNewError extends Error {
  constructor(component: string, stored: number, known: number) {
    super(
      `The data of ${component} has schema version ${stored}, but this release of Parley knows only up to ${known}: ` +
        'start the newer release again, or give this one other data.',
    );
    this.name = 'SchemaTooNewError';
  }
}

/** A schema that a service needs has not been made yet. */
export class SchemaTooOldError extends Error {
  constructor(component: string, stored: number, needed: number) {
    super(
      `The data of ${component} has schema version ${stored}, but this release of Parley needs ${needed}: ` +
        `run the migration of the ${component} service first.`,
    );
    this.name = 'SchemaTooOldError';
  }
}

/** The version that a component has after all of its migrations; 0 without any. */
export const latestVersion = (migrations: readonly { readonly version: number }[]): number =>
  migrations.at(-1)?.version ?? 0;

/** The migrations above the stored version, in order. Throws SchemaTooNewError when there is none that leads there. */
export function pendingMigrations<Migration extends { readonly version: number }>(
  component: string,
  stored: number,
  migrations: readonly Migration[],
): readonly Migration[] {
  const known = latestVersion(migrations);
  if (stored > known) throw new SchemaTooNewError(component, stored, known);
  return migrations.filter(({ version }) => version > stored);
}
