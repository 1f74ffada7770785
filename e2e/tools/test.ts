/** `npm test`: finds out what this machine can run, runs all of that, and closes with `N passed, N failed, N skipped`. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMissing, isNeed, NEED_NAMES } from '@parley/testing';
import { addTallies, closingLine, tallyOf, type Tally, type VitestReport } from './tally.ts';

/** One after the other: suites that start whole clusters and browsers want the machine to themselves. */
const RUNS = [
  ['--project', 'unit', '--project', 'web'],
  ['--project', 'e2e'],
  ['--project', 'containers'],
  ['--project', 'chaos'],
  ['--project', 'kubernetes'],
];

async function runVitest(args: readonly string[]): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const outputFile = join(folder, 'report.json');
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${outputFile}`];
      const child = spawn('vitest', ['run', ...args, ...reporters], { stdio: 'inherit' });
      child.on('error', reject);
      child.on('close', resolve);
    });
    return tallyOf(JSON.parse(readFileSync(outputFile, 'utf8')) as VitestReport, status);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const [need, { missing, remedy }] of Object.entries(await findMissing())) {
  process.stdout.write(`Skipping what needs ${isNeed(need) ? NEED_NAMES[need] : need}: ${missing} ${remedy}\n`);
}

const filters = process.argv.slice(2);
let tally: Tally = { passed: 0, failed: 0, skipped: 0 };
for (const run of filters.length > 0 ? [[...filters, '--passWithNoTests']] : RUNS) {
  tally = addTallies(tally, await runVitest(run));
}
const nothingMayBeSkipped = process.env.CI === 'true';
if (nothingMayBeSkipped && tally.skipped > 0) process.stdout.write('With CI=true a skipped test is a failure.\n');
process.stdout.write(`${closingLine(tally)}\n`);
process.exitCode = tally.failed > 0 || (nothingMayBeSkipped && tally.skipped > 0) ? 1 : 0;
