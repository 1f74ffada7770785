/**
 * `node e2e/load/micro.ts [--expect]`, on a built Parley: processor time of the paths that every message takes, in units of
 * a fixed piece of JSON work. Fails when one costs more than twice of what docs/benchmarks/micro.json expects;
 * `--expect` writes what it finds there.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { costOf, regressions } from './micro/cost.ts';
import { CALIBRATION, HOT_PATHS } from './micro/paths.ts';
import { renderTable } from './report/markdown.ts';
import { shortNumber } from './report/numbers.ts';

const EXPECTED = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks', 'micro.json');
const TOLERANCE = 2;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const unit = await costOf(CALIBRATION);
const costs: Record<string, number> = {};
const rows: string[][] = [];
for (const path of HOT_PATHS) {
  const microseconds = await costOf(path);
  costs[path.name] = Number((microseconds / unit).toFixed(2));
  rows.push([
    path.name,
    shortNumber(microseconds),
    shortNumber(microseconds / path.messages),
    shortNumber(microseconds / unit),
  ]);
}
say(renderTable(['path', 'CPU µs', 'a message', `in units of ${shortNumber(unit)} µs`], rows));

if (process.argv.includes('--expect')) {
  await writeFile(EXPECTED, `${JSON.stringify(costs, undefined, 2)}\n`);
} else {
  const expected = JSON.parse(await readFile(EXPECTED, 'utf8')) as Record<string, number>;
  const worse = regressions(costs, expected, TOLERANCE);
  for (const line of worse) say(line);
  if (worse.length > 0) process.exitCode = 1;
}
