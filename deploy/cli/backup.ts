/**
 * `npm run backup -- <dir>`: copies the data folder (PARLEY_DATA_DIR, else ./data) into a new folder, also while Parley
 * runs, and verifies the copy. Ends with 1 when the copy has faults, with 2 when there is none.
 */
import { resolve } from 'node:path';
import { backUp } from './backup/backup.ts';
import { reportOf } from './verify/report.ts';

async function main([target, ...more]: readonly string[]): Promise<number> {
  if (target === undefined || more.length > 0) {
    throw new Error('Name one folder that is not there yet. The command is: npm run backup -- <folder>');
  }
  const verification = await backUp(resolve(process.env.PARLEY_DATA_DIR || 'data'), resolve(target));
  process.stdout.write(`${reportOf(verification)}\nThe backup is in ${resolve(target)}\n`);
  return verification.findings.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`There is no backup. ${(error as Error).message}\n`);
  process.exitCode = 2;
}
