/**
 * `npm run bench [-- --quick] [--only rooms-window-16,…] [--servers Parley,Socket.IO,…] [--write]`: measures Parley, and
 * what others would use in its place, with one load generator. `--write` keeps the findings in docs/benchmarks.md.
 */
import { join } from 'node:path';
import { defineCommand, parseCommandLine, type ValuesOf } from '../../deploy/cli/command-line.ts';
import { commitOf, describeMachine } from './report/machine.ts';
import { renderTable } from './report/markdown.ts';
import { BenchmarksPage } from './report/page.ts';
import type { Section } from './report/section.ts';
import { SCENARIOS, SECTION_ORDER } from './scenarios/scenarios.ts';
import { findCandidates } from './servers/candidates.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const QUICK = ['rooms-window-16'];
const QUICK_SERVERS = ['Parley embedded', 'Parley 1 gateway', 'Socket.IO', 'plain ws'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const BENCH = defineCommand({
  name: 'npm run bench',
  summary: 'Measures Parley and its alternatives with one load generator.',
  options: {
    quick: { type: 'boolean', description: 'One short scenario on four servers: about two minutes.' },
    only: { type: 'string', value: 'scenario,…', description: 'Run only these scenarios.' },
    servers: { type: 'string', value: 'server,…', description: 'Measure only these servers.' },
    write: { type: 'boolean', description: 'Write the results into docs/benchmarks.md.' },
  },
  examples: [
    'npm run bench -- --quick',
    'npm run bench -- --only rooms-window-16 --servers "Parley embedded,Socket.IO"',
  ],
});

function readBenchArguments(values: ValuesOf<typeof BENCH>) {
  const names = (text = ''): string[] => text.split(',').filter(Boolean);
  const { quick, write } = values;
  if (quick && write) throw new Error('--quick is too short to be written down: leave --write or --quick away.');
  const only = names(values.only);
  const unknown = only.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown !== undefined) {
    throw new Error(`There is no scenario '${unknown}'; there are: ${SCENARIOS.map(({ name }) => name).join(', ')}.`);
  }
  return {
    quick,
    write,
    only: only.length > 0 ? only : quick ? QUICK : SCENARIOS.map(({ name }) => name),
    servers: values.servers ? names(values.servers) : quick ? QUICK_SERVERS : [],
  };
}

async function main(): Promise<void> {
  const { quick, write, only, servers } = parseCommandLine(BENCH, readBenchArguments);
  const candidates = await findCandidates(servers);
  const commit = await commitOf(ROOT);
  for (const scenario of SCENARIOS.filter(({ name }) => only.includes(name))) {
    say(`${scenario.name}: ${scenario.title}`);
    const findings = await scenario.run({ candidates, quick, say });
    const measuredAt = new Date().toISOString().slice(0, 16).replace('T', ' ');
    const { name, title } = scenario;
    const section: Section = { scenario: name, title, ...findings, measuredAt: `${measuredAt} UTC`, commit };
    say(`\n${renderTable(section.columns, section.rows)}\n${section.notes.join('\n')}\n`);
    if (!write) continue;
    await new BenchmarksPage(join(ROOT, 'docs')).write([section], await describeMachine(), SECTION_ORDER);
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
