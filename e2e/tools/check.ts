/** `npm run check [-- <check> …]`: types, lint, format, import rules, unused code. A failed check does not stop the others. */
import { spawnSync } from 'node:child_process';
import { defineCommand, parseCommandLine } from '../../deploy/cli/command-line.ts';

const CHECKS = [
  ['types', 'tsc', '--project', 'tsconfig.check.json'],
  ['types of the web client', 'web/node_modules/.bin/vue-tsc', '--noEmit', '--project', 'web'],
  ['lint', 'eslint', '--max-warnings', '0', '.'],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  [
    'import rules',
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    'libs',
    'services',
    'web/src',
    'e2e',
    'deploy/cli',
  ],
  ['unused code', 'knip'],
] as const;

const names = CHECKS.map(([name]) => `'${name}'`).join(', ');
const CHECK = defineCommand({
  name: 'npm run check',
  summary: 'Checks types, lint, format, import rules and unused code. Exit status: 0 when all checks pass, else 1.',
  arguments: { check: { repeated: true, description: `Run only this check: ${names}.` } },
  examples: ['npm run check', 'npm run check -- lint format'],
});

const only = parseCommandLine(CHECK, ({ check }) => {
  const unknown = check.find((one) => !CHECKS.some(([name]) => name === one));
  if (unknown !== undefined) throw new Error(`There is no check '${unknown}'; there are: ${names}`);
  return check;
});
const failed = CHECKS.filter(([name, command, ...args]) => {
  if (only.length > 0 && !only.includes(name)) return false;
  process.stdout.write(`— ${name}\n`);
  return spawnSync(command, args, { stdio: 'inherit' }).status !== 0;
}).map(([name]) => name);

process.stdout.write(
  failed.length > 0 ? `Failed: ${failed.join(', ')}\n` : only.length > 0 ? 'Passed\n' : 'All checks passed\n',
);
process.exitCode = failed.length > 0 ? 1 : 0;
