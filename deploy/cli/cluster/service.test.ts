import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@parley/testing/servers';
import { expect, onTestFinished, test } from 'vitest';
import { migrate, serviceChild } from './service.ts';

/** A folder laid out like Parley, whose room service consists of these scripts. */
function fakeParley(scripts: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'parley-fake-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'services/room/dist');
  mkdirSync(folder, { recursive: true });
  for (const [name, source] of Object.entries(scripts)) writeFileSync(join(folder, name), source);
  return root;
}

async function plannedRoom(env: NodeJS.ProcessEnv = {}) {
  const [port = 0, managementPort = 0] = await freePorts(2);
  return {
    service: 'room' as const,
    label: `parley-room ${port}`,
    port,
    managementPort,
    env: { ...process.env, PARLEY_MANAGEMENT_PORT: String(managementPort), ...env },
  };
}

test('a service is ready when its /readyz answers 200', async () => {
  const root = fakeParley({
    'main.js': `
      let asked = 0;
      require('node:http')
        .createServer((request, response) => {
          response.writeHead(request.url === '/readyz' && ++asked > 2 ? 200 : 503).end(String(asked));
        })
        .listen(process.env.PARLEY_MANAGEMENT_PORT, '127.0.0.1');`,
  });
  const child = serviceChild(root, await plannedRoom());
  const started = await child.launch();
  onTestFinished(() => started.stop());
  await expect(child.ready(started)).resolves.toBeUndefined();
});

test('a service that ends before it is ready is an error', async () => {
  const planned = await plannedRoom();
  const child = serviceChild(fakeParley({ 'main.js': 'process.exit(7)' }), planned);
  await expect(child.ready(await child.launch())).rejects.toThrow(
    `${planned.label} ended with status 7 before it was ready.`,
  );
});

test('a service may take as long to stop as its connections take to drain', async () => {
  const child = serviceChild('.', await plannedRoom({ PARLEY_DRAIN_SECONDS: '30' }));
  expect(child.patienceMs).toBe(40_000);
});

test('migrations run with the environment of the services, and their errors are reported', async () => {
  const root = fakeParley({ 'migrate.js': 'console.error(process.env.PARLEY_MONGO_URL); process.exit(1)' });
  await expect(migrate(root, await plannedRoom({ PARLEY_MONGO_URL: 'mongodb://nowhere' }))).rejects.toThrow(
    'The database could not be prepared for rooms: mongodb://nowhere',
  );
});

test('a missing build is reported', async () => {
  await expect(migrate(fakeParley({}), await plannedRoom())).rejects.toThrow('run npm run build first');
});
