import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the built files are made of, and so what decides whether they are still good. */
const SOURCES = ['libs', 'services', 'web', 'pnpm-lock.yaml', 'tsconfig.base.json', 'tsconfig.json'];
const OUTPUTS = ['services/standalone/dist/main.js', 'web/dist/index.html'];
const PASSED_OVER = /^(dist|node_modules|.*\.test\.ts|.*\.contract\.ts)$/;

function* filesBelow(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (PASSED_OVER.test(entry.name)) continue;
    const inside = join(path, entry.name);
    if (entry.isDirectory()) yield* filesBelow(inside);
    else yield inside;
  }
}

function digestOfSources(root) {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(root, source);
    const files = source.includes('.') ? [path] : [...filesBelow(path)].sort();
    for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) return resolve();
      process.stderr.write(output);
      reject(new Error(`The build failed at \`${command} ${args.join(' ')}\`; its words stand above.`));
    });
  });
}

/** Builds services and web app unless what is built is of these very sources. `force` builds anyway. */
export async function ensureBuilt(root, env, { force = false } = {}) {
  const marker = join(root, '.cache', 'built');
  const digest = digestOfSources(root);
  const upToDate = existsSync(marker) && readFileSync(marker, 'utf8') === digest;
  if (!force && upToDate && OUTPUTS.every((output) => existsSync(join(root, output)))) return;
  process.stderr.write('Building …\n');
  await Promise.all([
    run('tsc', ['--build'], { cwd: root, env }),
    run('vite', ['build', '--logLevel', 'warn'], { cwd: join(root, 'web'), env }),
  ]);
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(marker, digest);
}
