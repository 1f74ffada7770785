/** `npm run migrate:data -- --from <data folder> --to <url>`: copies embedded data into MongoDB and compares the two. */
import { parseCommandLine } from './command-line.ts';
import { MIGRATE_DATA, migrationArguments } from './migrate-data/arguments.ts';
import { migrateData } from './migrate-data/migrate-data.ts';

const args = parseCommandLine(MIGRATE_DATA, migrationArguments);
try {
  await migrateData(args, (line) => void process.stdout.write(`${line}\n`));
  process.stdout.write('All data is copied. Start the cluster over that database; the data folder is unchanged.\n');
} catch (error) {
  process.stderr.write(`The data was not migrated. ${(error as Error).message}\n`);
  process.exitCode = 1;
}
