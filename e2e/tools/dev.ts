/**
 * `npm run dev`: Parley with everything rebuilt as it is edited. The web app is served by Vite with hot reload and
 * passes /api and /ws on to the embedded server, which starts again whenever a service changes.
 */
import { spawn, type ChildProcess } from 'node:child_process';

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
