#!/usr/bin/env node
// The entry of every `npm run …`. It runs under Node 20 before anything is installed: plain JavaScript, no packages.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from './commands.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

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
      for (const signal of FORWARDED_SIGNALS) process.off(signal, forward);
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
  if (!command) {
    process.stderr.write(`There is no command '${name}'; there are: ${Object.keys(COMMANDS).join(', ')}.\n`);
    return 2;
  }
  const { ensureInstalled, environmentWith, nodeToRunWith } = await import('./install.mjs');
  ensureInstalled(root);
  const node = nodeToRunWith(root);
  const env = environmentWith(node, root);
  if (!command.unbuilt) {
    const status = await inForeground(node, ['deploy/cli/build.ts', '--if-changed'], env);
    if (status !== 0) return status;
  }
  return inForeground(node, [...command.run, ...args], env);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
