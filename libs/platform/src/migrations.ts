/** A newer release of Parley has written the data; this release would damage it. */
export class SchemaTooNewError extends Error {
  constructor(component: string, stored: number, known: number) {
    super(
      `The data of ${component} has schema version ${stored}, but this release of Parley knows only up to ${known}: ` +
        'start the newer release again, or give this one other data.',
    );
    this.name = 'SchemaTooNewError';
  }
}

/** The migration of a service has not run. */
export class SchemaTooOldError extends Error {
  constructor(component: string, stored: number, needed: number) {
    super(
      `The data of ${component} has schema version ${stored}, but this release of Parley needs ${needed}: ` +
        `run the migration of the ${component} service first.`,
    );
    this.name = 'SchemaTooOldError';
  }
}

/** The version of a component after all of its migrations; 0 when it has none. */
export const latestVersion = (migrations: readonly { readonly version: number }[]): number =>
  migrations.at(-1)?.version ?? 0;

/** The migrations after the stored version, in order. Throws SchemaTooNewError when the stored version is a later one. */
export function pendingMigrations<Migration extends { readonly version: number }>(
  component: string,
  stored: number,
  migrations: readonly Migration[],
): readonly Migration[] {
  const known = latestVersion(migrations);
  if (stored > known) throw new SchemaTooNewError(component, stored, known);
  return migrations.filter(({ version }) => version > stored);
}
