/** `npm run restore -- <backup> [<data folder>]`: copies a backup into an empty data folder. */
import { resolve } from 'node:path';
import { restore } from './backup/restore.ts';
import { defineCommand, parseCommandLine } from './command-line.ts';
import { reportOf } from './verify/report.ts';

const RESTORE = defineCommand({
  name: 'npm run restore',
  summary: `Copies a backup into a data folder that holds no data yet. Parley must not be running there.
Exit status: 0 without faults, 1 when the backup has faults, 2 when nothing was restored.`,
  arguments: {
    backup: { description: 'The folder that npm run backup created.' },
    'data folder': { description: 'The folder to restore into. Default: PARLEY_DATA_DIR, or ./data.', optional: true },
  },
  examples: ['npm run restore -- ../parley-backup ./data-restored'],
});

const { backup, 'data folder': folder } = parseCommandLine(RESTORE);
try {
  const dataFolder = resolve(folder ?? (process.env.PARLEY_DATA_DIR || 'data'));
  const verification = await restore(resolve(backup), dataFolder);
  process.stdout.write(`${reportOf(verification)}\nThe data is in ${dataFolder}\n`);
  process.exitCode = verification.findings.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`Nothing was restored. ${(error as Error).message}\n`);
  process.exitCode = 2;
}
