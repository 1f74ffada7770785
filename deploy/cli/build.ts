/** `npm run build [-- --if-changed]`: compiles the services and builds the web app. */
import { spawn, type SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineCommand, parseCommandLine } from './command-line.ts';

/** The build is up to date while these have not changed. */
const SOURCES = ['libs', 'services', 'web', 'pnpm-lock.yaml', 'tsconfig.base.json', 'tsconfig.json'];
const OUTPUTS = ['services/standalone/dist/main.js', 'web/dist/index.html'];
const IGNORED = /^(dist|node_modules|.*\.test\.ts|.*\.contract\.ts)$/;

function* filesBelow(path: string): Generator<string> {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (IGNORED.test(entry.name)) continue;
    const inside = join(path, entry.name);
    if (entry.isDirectory()) yield* filesBelow(inside);
    else yield inside;
  }
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(root, source);
    const files = source.includes('.') ? [path] : [...filesBelow(path)].sort();
    for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function run(command: string, args: readonly string[], options: SpawnOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) return resolve();
      process.stderr.write(output);
      reject(new Error(`The build failed at \`${command} ${args.join(' ')}\`; its output is above.`));
    });
  });
}

async function build(): Promise<void> {
  process.stderr.write('Building …\n');
  await Promise.all([
    run('tsc', ['--build'], { cwd: root }),
    run('vite', ['build', '--logLevel', 'warn'], { cwd: join(root, 'web') }),
  ]);
}

const BUILD = defineCommand({
  name: 'npm run build',
  summary: 'Compiles the services and builds the web app. The other commands do it when a source has changed.',
  options: {
    'if-changed': { type: 'boolean', description: 'Do nothing when no source has changed since the last build.' },
  },
  examples: ['npm run build'],
});

const { 'if-changed': ifChanged } = parseCommandLine(BUILD);
const root = fileURLToPath(new URL('../..', import.meta.url));
const marker = join(root, '.cache', 'built');
const digest = digestOfSources();
const isUpToDate =
  existsSync(marker) &&
  readFileSync(marker, 'utf8') === digest &&
  OUTPUTS.every((output) => existsSync(join(root, output)));
if (!ifChanged || !isUpToDate) {
  try {
    await build();
    mkdirSync(join(root, '.cache'), { recursive: true });
    writeFileSync(marker, digest);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
