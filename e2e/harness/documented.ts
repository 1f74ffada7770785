import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');

/** The commands that docs/operations.md has in its blocks of code, line by line. */
export const documentedCommands: readonly string[] = [
  ...readFileSync(join(root, 'docs', 'operations.md'), 'utf8').matchAll(/^```\n(.*?)\n```$/gms),
].flatMap(([, block]) => block?.split('\n') ?? []);

/**
 * A command that docs/operations.md has, for the test that runs it.
 * @param replaced what in it is an example, by what stands in its place
 * @throws Error when the document has another one, or the command no such example
 */
export function documented(command: string, replaced: Readonly<Record<string, string>> = {}): string {
  if (!documentedCommands.includes(command)) throw new Error(`docs/operations.md does not have: ${command}`);
  return Object.entries(replaced).reduce((text, [example, other]) => {
    if (!text.includes(example)) throw new Error(`There is no ${example} in: ${command}`);
    return text.replace(example, () => other);
  }, command);
}

/** Runs a command line as an operator does, by the shell. Rejects, with what it printed, when it fails. */
export async function runInShell(
  command: string,
  { env = {}, cwd = root }: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<string> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], options).catch(
    (failure: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`${command}\n${failure.stdout ?? ''}${failure.stderr ?? failure.message}`);
    },
  );
  return stdout + stderr;
}
