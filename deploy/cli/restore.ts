/**
 * `npm run restore -- <backup> [<data dir>]`: puts a backup into the data folder (else PARLEY_DATA_DIR, else ./data), which
 * must be without data. Ends with 1 when the backup has faults, with 2 when nothing was restored.
 */
import { resolve } from 'node:path';
import { restore } from './backup/restore.ts';
import { reportOf } from './verify/report.ts';

async function main([backup, folder, ...more]: readonly string[]): Promise<number> {
  if (backup === undefined || more.length > 0) {
    throw new Error('Name a backup. The command is: npm run restore -- <backup> [<data folder>]');
  }
  const dataFolder = resolve(folder ?? (process.env.PARLEY_DATA_DIR || 'data'));
  const verification = await restore(resolve(backup), dataFolder);
  process.stdout.write(`${reportOf(verification)}\nThe data is in ${dataFolder}\n`);
  return verification.findings.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`Nothing was restored. ${(error as Error).message}\n`);
  process.exitCode = 2;
}
