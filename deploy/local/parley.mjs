#!/usr/bin/env node
// The way into every `npm run …`. Runs under Node 20 and before anything is installed: plain JavaScript, no packages.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [command, ...args] = process.argv.slice(2);

/** TypeScript as it is, with the packages of the workspace by their sources. */
const script = (name, ...first) => ['--conditions=source', `deploy/local/${name}.ts`, ...first, ...args];

/** TypeScript that works with the services as they are built: their sources are not for Node alone. */
const tool = (name) => [`deploy/local/${name}.ts`, ...args];

/** What Node runs for each command, once the packages are there and (unless `unbuilt`) everything is built. */
const COMMANDS = {
  start: { run: ['services/standalone/dist/main.js'] },
  test: { run: script('test') },
  'test:containers': { run: script('test', '--project', 'containers'), unbuilt: true },
  'test:chaos': { run: script('test', '--project', 'chaos') },
  'test:kubernetes': { run: script('test', '--project', 'kubernetes'), unbuilt: true },
  dev: { run: script('dev') },
  build: { force: true },
  check: { run: script('check'), unbuilt: true },
  cluster: { run: script('cluster') },
  seed: { run: script('seed'), unbuilt: true },
  images: { run: script('images'), unbuilt: true },
  verify: { run: tool('verify') },
  backup: { run: tool('backup') },
  restore: { run: tool('restore') },
  'migrate:data': { run: tool('migrate-data') },
  doctor: { run: script('doctor'), unbuilt: true },
  bench: { run: ['--conditions=source', 'e2e/load/bench.ts', ...args] },
};

const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs it in the foreground and passes signals on; resolves to its exit code. */
function inForeground(node, nodeArgs, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, nodeArgs, { cwd: root, env, stdio: 'inherit' });
    // A terminal's Ctrl-C reaches the child by itself; the handler only keeps this process until the child is done.
    const forward = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
    // npm hands a signal to the shell between it and this process only, and that dies without passing it on.
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 200);
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(watch);
      resolve(status ?? 1);
    });
  });
}

async function main() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Error(
      `Parley needs Node 20 or newer and this is ${process.version}: install a newer one from nodejs.org.`,
    );
  }
  const task = COMMANDS[command];
  if (!task) throw new Error(`There is no command '${command}'; there are: ${Object.keys(COMMANDS).join(', ')}.`);
  const { ensureInstalled, environmentWith, nodeToRunWith } = await import('./install.mjs');
  const { ensureBuilt } = await import('./build.mjs');
  ensureInstalled(root);
  const node = nodeToRunWith(root);
  const env = environmentWith(node, root);
  if (!task.unbuilt) await ensureBuilt(root, env, { force: task.force });
  return task.run ? inForeground(node, task.run, env) : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
