import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const module = await import(pathToFileURL(join(root, 'deploy', 'cli', 'commands.mjs')).href);
const commands: [string, readonly string[]][] = Object.entries(
  module.COMMANDS as Record<string, { run: string[] }>,
).map(([name, { run }]) => [name, run]);

/** These take any number of arguments, and check their values. */
const SENTENCES: Record<string, RegExp> = {
  test: /^No test file matches extra-argument\.$/m,
  check: /^There is no check 'extra-argument'; there are: .+\. Usage: /,
};
/** Valid arguments, to which the test adds one more. */
const VALID: Record<string, readonly string[]> = {
  backup: ['./no-such-folder'],
  restore: ['./no-such-backup', './no-such-folder'],
  verify: ['./no-such-folder'],
  doctor: ['http://127.0.0.1:1'],
  'migrate:data': ['--from', './no-such-folder', '--to', 'mongodb://127.0.0.1:1/parley'],
};

interface Ended {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

function run(node: readonly string[], args: readonly string[]): Promise<Ended> {
  const outer = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST)/.test(name));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...node, ...args],
      { cwd: root, env: Object.fromEntries(outer) },
      (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : Number(error.code), output: stdout, errors: stderr }),
    );
  });
}

describe.concurrent.each(commands)('npm run %s', (name, node) => {
  test('shows its usage for --help', async () => {
    const { status, output, errors } = await run(node, ['--help']);
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(output).toMatch(/^Usage: npm (run )?[\w:]+/);
    expect(output).toMatch(/--help +Show this help\.\n\nExample:\n {2}\S/);
  });

  test('refuses an unknown option with one line, exit status 2 and no side effect', async () => {
    const before = readdirSync(root);
    const { status, output, errors } = await run(node, ['--wrong-option']);
    expect({ status, output }).toEqual({ status: 2, output: '' });
    expect(errors).toMatch(/^Unknown option '--wrong-option'\. Usage: npm .+\n$/);
    expect(readdirSync(root)).toEqual(before);
  });

  test('refuses an argument too many with one line, exit status 2 and no side effect', async () => {
    const before = readdirSync(root);
    const { status, errors } = await run(node, [...(VALID[name] ?? []), 'extra-argument']);
    expect(status).toBe(2);
    expect(errors).toMatch(
      SENTENCES[name.split(':')[0] ?? ''] ?? /^Unexpected argument 'extra-argument'\. Usage: npm .+\n$/,
    );
    expect(readdirSync(root)).toEqual(before);
  });

  if (VALID[name] !== undefined) {
    test('refuses a missing argument with one line and exit status 2', async () => {
      const { status, errors } = await run(node, []);
      expect(status).toBe(2);
      expect(errors).toMatch(/^(Argument <.+>|Option --\w+) is missing\. Usage: npm .+\n$/);
    });
  }
});
