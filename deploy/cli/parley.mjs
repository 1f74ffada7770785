#!/usr/bin/env node
// The entry of every `npm run …`. It runs under Node 20 before anything is installed: plain JavaScript, no packages.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Resolve the workspace's packages to their TypeScript sources. */
const FROM_SOURCES = ['--conditions=source'];

/**
 * The arguments of Node for each command. The packages are installed first, and Parley is built unless `unbuilt`.
 * A command with decorated classes of the services in its imports uses their builds, since Node cannot strip decorators.
 */
const COMMANDS = {
  // For operators.
  start: { run: ['services/standalone/dist/main.js'] },
  cluster: { run: [...FROM_SOURCES, 'deploy/cli/cluster.ts'] },
  images: { run: [...FROM_SOURCES, 'deploy/cli/images.ts'], unbuilt: true },
  backup: { run: ['deploy/cli/backup.ts'] },
  restore: { run: ['deploy/cli/restore.ts'] },
  verify: { run: ['deploy/cli/verify.ts'] },
  'migrate:data': { run: ['deploy/cli/migrate-data.ts'] },
  doctor: { run: [...FROM_SOURCES, 'deploy/cli/doctor.ts'], unbuilt: true },
  build: { force: true },
  // For developers.
  dev: { run: [...FROM_SOURCES, 'e2e/tools/dev.ts'] },
  check: { run: [...FROM_SOURCES, 'e2e/tools/check.ts'], unbuilt: true },
  test: { run: [...FROM_SOURCES, 'e2e/tools/test.ts'] },
  'test:containers': { run: [...FROM_SOURCES, 'e2e/tools/test.ts', '--project', 'containers'], unbuilt: true },
  'test:chaos': { run: [...FROM_SOURCES, 'e2e/tools/test.ts', '--project', 'chaos'] },
  'test:kubernetes': { run: [...FROM_SOURCES, 'e2e/tools/test.ts', '--project', 'kubernetes'], unbuilt: true },
  seed: { run: [...FROM_SOURCES, 'e2e/tools/seed.ts'], unbuilt: true },
  bench: { run: [...FROM_SOURCES, 'e2e/load/bench.ts'] },
};

const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs Node in the foreground, forwards signals to it, and resolves to its exit code. */
function inForeground(node, nodeArgs, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, nodeArgs, { cwd: root, env, stdio: 'inherit' });
    // A terminal sends Ctrl-C to the child too; the handler only keeps this process alive until the child has exited.
    const forward = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
    // npm sends a signal only to the shell between itself and this process, and the shell exits without forwarding it.
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 200);
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(watch);
      resolve(status ?? 1);
    });
  });
}

async function main([name, ...args]) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Error(
      `Parley needs Node 20 or newer and this is ${process.version}: install a newer one from nodejs.org.`,
    );
  }
  const command = COMMANDS[name];
  if (!command) throw new Error(`There is no command '${name}'; there are: ${Object.keys(COMMANDS).join(', ')}.`);
  const { ensureInstalled, environmentWith, nodeToRunWith } = await import('./install.mjs');
  const { ensureBuilt } = await import('./build.mjs');
  ensureInstalled(root);
  const node = nodeToRunWith(root);
  const env = environmentWith(node, root);
  if (!command.unbuilt) await ensureBuilt(root, env, { force: command.force });
  return command.run ? inForeground(node, [...command.run, ...args], env) : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
