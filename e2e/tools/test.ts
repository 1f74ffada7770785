/**
 * `npm test` and `npm run test:all`: lists what this machine cannot run, runs everything else suite by suite, and ends with
 * `N passed, N failed`, and the number of skipped tests if there are any.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMissing, isNeed, NEED_NAMES } from '@parley/testing';
import { defineCommand, parseCommandLine } from '../../deploy/cli/command-line.ts';
import { addTallies, closingLine, tallyOf, type Tally, type VitestReport } from './tally.ts';

interface Suite {
  readonly name: string;
  readonly projects: readonly string[];
  /** Runs only in `npm run test:all`. */
  readonly loadBearing?: true;
}

/** In this order, one at a time: those that start clusters and browsers need the whole machine. */
const SUITES: readonly Suite[] = [
  { name: 'unit and contract tests', projects: ['unit', 'web'] },
  { name: 'protocol, random and browser tests', projects: ['e2e'] },
  { name: 'tests beside the previous release', projects: ['previous-release'], loadBearing: true },
  { name: 'container tests', projects: ['containers'], loadBearing: true },
  { name: 'chaos and upgrade tests', projects: ['chaos'], loadBearing: true },
  { name: 'Kubernetes tests', projects: ['kubernetes'], loadBearing: true },
];
const PROJECTS = SUITES.flatMap(({ projects }) => projects);

const TEST = defineCommand({
  name: 'npm test',
  summary: `Runs the tests that a change needs: unit, contract, protocol, random, fuzz and browser tests. npm run test:all adds the
tests beside the previous release and those of containers, chaos, upgrades and Kubernetes. With CI=true, a test that this
machine cannot run is a failure. Exit status: 0 when no test fails, else 1.`,
  arguments: { filter: { repeated: true, description: 'Run only test files whose path contains this text.' } },
  options: {
    all: { type: 'boolean', description: 'Run all suites, as npm run test:all does.' },
    'load-bearing': { type: 'boolean', description: 'Run only the suites that npm run test:all adds.' },
    project: {
      type: 'string',
      multiple: true,
      value: 'name',
      description: `Run only this project of vitest.config.ts: ${PROJECTS.join(', ')}.`,
    },
    testNamePattern: {
      type: 'string',
      short: 't',
      value: 'regex',
      description: 'Run only tests with a matching name.',
    },
  },
  examples: ['npm test', 'npm test -- services/gateway', 'npm test -- --project e2e e2e/protocol/wire.test.ts'],
});

const {
  all,
  filter,
  'load-bearing': onlyLoadBearing,
  project,
  testNamePattern,
} = parseCommandLine(TEST, (given) => {
  const unknown = given.project.find((name) => !PROJECTS.includes(name));
  if (unknown !== undefined) throw new Error(`There is no project '${unknown}'; there are: ${PROJECTS.join(', ')}`);
  return given;
});

async function runVitest(args: readonly string[]): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const outputFile = join(folder, 'report.json');
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${outputFile}`];
      const child = spawn('vitest', ['run', '--passWithNoTests', ...args, ...reporters], { stdio: 'inherit' });
      child.on('error', reject);
      child.on('close', resolve);
    });
    return tallyOf(JSON.parse(readFileSync(outputFile, 'utf8')) as VitestReport, status);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function suitesToRun(): readonly Suite[] {
  if (project.length > 0) return [{ name: project.join(', '), projects: project }];
  const suites = SUITES.filter(({ loadBearing }) => (onlyLoadBearing ? loadBearing : all || !loadBearing));
  // A filter mostly selects a single file: one run of vitest is faster than one for each suite.
  if (filter.length > 0) return [{ name: 'selected tests', projects: suites.flatMap(({ projects }) => projects) }];
  return suites;
}

for (const [need, { missing, remedy }] of Object.entries(await findMissing())) {
  process.stdout.write(`Skipping what needs ${isNeed(need) ? NEED_NAMES[need] : need}: ${missing} ${remedy}\n`);
}

const selection = [...(testNamePattern === undefined ? [] : ['--testNamePattern', testNamePattern]), ...filter];
const lines: string[] = [];
let total: Tally = { passed: 0, failed: 0, skipped: 0 };
for (const { name, projects } of suitesToRun()) {
  const startedAt = Date.now();
  process.stdout.write(`\n— ${name}\n`);
  const tally = await runVitest([...projects.flatMap((one) => ['--project', one]), ...selection]);
  lines.push(`${((Date.now() - startedAt) / 60_000).toFixed(1).padStart(5)} min  ${name}: ${closingLine(tally)}`);
  total = addTallies(total, tally);
}
process.stdout.write(`${lines.join('\n')}\n`);

const nothingMayBeSkipped = process.env.CI === 'true' && selection.length === 0;
if (filter.length > 0 && total.passed + total.failed + total.skipped === 0) {
  process.stderr.write(`No test file matches ${filter.join(' ')}.\n`);
  process.exitCode = 2;
} else {
  if (nothingMayBeSkipped && total.skipped > 0) process.stdout.write('With CI=true a skipped test is a failure.\n');
  process.stdout.write(`${closingLine(total)}\n`);
  process.exitCode = total.failed > 0 || (nothingMayBeSkipped && total.skipped > 0) ? 1 : 0;
}
