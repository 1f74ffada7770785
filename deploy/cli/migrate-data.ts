/**
 * `npm run migrate:data -- --from <data folder> --to <mongo url>`: copies what an embedded Parley stored, which is stopped,
 * into an empty MongoDB for a cluster, and compares the two. Broken off, it goes on when it is run again.
 */
import { parseMigrationArguments } from './migrate-data/arguments.ts';
import { migrateData } from './migrate-data/migrate-data.ts';

try {
  await migrateData(parseMigrationArguments(process.argv.slice(2)), (line) => void process.stdout.write(`${line}\n`));
  process.stdout.write('All of it is there. Start the cluster over that database; the data folder is as it was.\n');
} catch (error) {
  process.stderr.write(`The data was not migrated. ${(error as Error).message}\n`);
  process.exitCode = 1;
}
