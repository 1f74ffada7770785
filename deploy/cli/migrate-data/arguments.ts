import { resolve } from 'node:path';
import { defineCommand, type ValuesOf } from '../command-line.ts';

export interface MigrationArguments {
  readonly from: string;
  readonly to: string;
}

export const MIGRATE_DATA = defineCommand({
  name: 'npm run migrate:data',
  summary: `Copies the data of an embedded Parley into an empty MongoDB for a cluster, and compares the two. Stop Parley first.
When the copy is interrupted, run the command again to continue it.`,
  options: {
    from: {
      type: 'string',
      required: true,
      value: 'data folder',
      description: 'The data folder of the embedded Parley.',
    },
    to: { type: 'string', required: true, value: 'url', description: 'The mongodb://… URL with the database name.' },
  },
  examples: ["npm run migrate:data -- --from ./data --to 'mongodb://mongo-1,mongo-2/parley?replicaSet=parley'"],
});

/** Throws an Error with one sentence for the operator. */
export function migrationArguments({ from, to }: ValuesOf<typeof MIGRATE_DATA>): MigrationArguments {
  if (!/^mongodb(\+srv)?:\/\/[^/\s]+\/[^?\s]+/.test(to)) {
    throw new Error('--to must be the URL of a MongoDB with the name of a database');
  }
  return { from: resolve(from), to };
}
