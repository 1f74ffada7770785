/** `npm run backup -- <folder>`: copies and verifies the data folder. */
import { resolve } from 'node:path';
import { backUp } from './backup/backup.ts';
import { defineCommand, parseCommandLine } from './command-line.ts';
import { reportOf } from './verify/report.ts';

const BACKUP = defineCommand({
  name: 'npm run backup',
  summary: `Copies the data folder (PARLEY_DATA_DIR, or ./data) into a new folder and verifies the copy. Parley may be running.
Exit status: 0 without faults, 1 when the copy has faults, 2 when there is no backup.`,
  arguments: { folder: { description: 'The folder to create. It must not exist yet.' } },
  examples: ['npm run backup -- ../parley-backup'],
});

const { folder } = parseCommandLine(BACKUP);
try {
  const target = resolve(folder);
  const verification = await backUp(resolve(process.env.PARLEY_DATA_DIR || 'data'), target);
  process.stdout.write(`${reportOf(verification)}\nThe backup is in ${target}\n`);
  process.exitCode = verification.findings.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`There is no backup. ${(error as Error).message}\n`);
  process.exitCode = 2;
}
