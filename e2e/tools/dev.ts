/**
 * `npm run dev`: serves Parley and rebuilds what is edited. Vite serves the web app with hot reload, and proxies /api and
 * /ws to the embedded server, which restarts when a service changes.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { defineCommand, parseCommandLine } from '../../deploy/cli/command-line.ts';

const DEV = defineCommand({
  name: 'npm run dev',
  summary: `Serves Parley at http://localhost:5173 (PARLEY_WEB_PORT). Reloads the web app and restarts the server when a source
changes.`,
  examples: ['npm run dev'],
});

parseCommandLine(DEV);

const port = process.env.PARLEY_PORT ?? '8080';
const webPort = process.env.PARLEY_WEB_PORT ?? '5173';

const children: ChildProcess[] = [
  spawn('tsc', ['--build', '--watch', '--preserveWatchOutput'], { stdio: 'inherit' }),
  spawn('node', ['--watch', 'services/standalone/dist/main.js'], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PARLEY_PORT: port,
      PARLEY_ORIGINS: `http://localhost:${webPort},http://127.0.0.1:${webPort}`,
    },
  }),
  spawn('vite', ['--port', webPort, '--strictPort', '--clearScreen', 'false'], {
    stdio: 'inherit',
    cwd: 'web',
    env: { ...process.env, PARLEY_URL: `http://127.0.0.1:${port}` },
  }),
];

function stop(): void {
  for (const child of children) child.kill('SIGTERM');
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
for (const child of children) {
  child.on('close', (status) => {
    process.exitCode ||= status ?? 0;
    stop();
  });
}
