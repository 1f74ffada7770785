/** `npm run check`: types, lint, format, import rules, unused code; all of them, also after one has failed. */
import { spawnSync } from 'node:child_process';

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

const only = process.argv.slice(2);
const failed = CHECKS.filter(([name, command, ...args]) => {
  if (only.length > 0 && !only.includes(name)) return false;
  process.stdout.write(`— ${name}\n`);
  return spawnSync(command, args, { stdio: 'inherit' }).status !== 0;
}).map(([name]) => name);

process.stdout.write(failed.length > 0 ? `To mend: ${failed.join(', ')}\n` : 'All checks passed\n');
process.exitCode = failed.length > 0 ? 1 : 0;
