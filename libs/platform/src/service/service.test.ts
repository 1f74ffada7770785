import { freePort } from '@parley/testing/servers';
import { expect, test } from 'vitest';
import { readConfig } from '../config/config.ts';
import { createLogger } from '../logger.ts';
import { startService, type Service, type ServiceContext } from './service.ts';

const logger = createLogger('test', 'silent');
const config = readConfig('standalone', { PARLEY_MANAGEMENT_PORT: '0' });

const serviceThat = (start: Service<'standalone'>['start']): Service<'standalone'> => ({
  name: 'standalone',
  title: 'The test',
  start,
});

function addResources({ resources }: ServiceContext<'standalone'>, released: string[]): void {
  for (const name of ['database', 'server']) resources.defer(() => void released.push(name));
}

async function readinessOf(managementPort: number | undefined): Promise<[number, unknown]> {
  const response = await fetch(`http://127.0.0.1:${managementPort}/readyz`);
  return [response.status, await response.json()];
}

test('releases the resources of a service in reverse order when it closes', async () => {
  const released: string[] = [];
  const service = serviceThat((context) => {
    addResources(context, released);
    return Promise.resolve({ port: 1 });
  });
  const running = await startService(service, config, logger);
  expect([running.port, released]).toEqual([1, []]);
  await running.close();
  expect(released).toEqual(['server', 'database']);
});

test('releases what was opened, in reverse order, when the start fails half-way', async () => {
  const released: string[] = [];
  const service = serviceThat((context) => {
    addResources(context, released);
    return Promise.reject(new Error('The port 1 is taken.'));
  });
  await expect(startService(service, config, logger)).rejects.toThrow('The port 1 is taken.');
  expect(released).toEqual(['server', 'database']);
});

test('rejects with the reason of a failed start, also when releasing fails', async () => {
  const service = serviceThat(({ resources }) => {
    resources.defer(() => Promise.reject(new Error('It cannot be closed.')));
    return Promise.reject(new Error('The port 1 is taken.'));
  });
  await expect(startService(service, config, logger)).rejects.toThrow('The port 1 is taken.');
});

test('is ready from the end of its start to the beginning of its drain, while its conditions hold', async () => {
  let mongo = true;
  const drained = Promise.withResolvers<void>();
  const service = serviceThat(({ resources }) => {
    resources.defer(() => drained.promise);
    return Promise.resolve({ port: 1, readiness: { mongo: () => Promise.resolve(mongo) } });
  });
  const running = await startService(service, config, logger);
  const readiness = () => readinessOf(running.managementPort);
  expect(await readiness()).toEqual([200, { status: 'ready', checks: { accepting: true, mongo: true } }]);
  mongo = false;
  expect(await readiness()).toEqual([503, { status: 'not ready', checks: { accepting: true, mongo: false } }]);
  mongo = true;
  const closed = running.close();
  expect(await readiness()).toEqual([503, { status: 'not ready', checks: { accepting: false, mongo: true } }]);
  drained.resolve();
  await closed;
});

test('answers on its management port, not ready, while it starts', async () => {
  const port = await freePort();
  const started = Promise.withResolvers<void>();
  const service = serviceThat(async () => {
    await started.promise;
    return { port: 1 };
  });
  const running = startService(service, { ...config, managementPort: port }, logger);
  await expect.poll(() => readinessOf(port).catch(() => undefined)).toMatchObject([503, {}]);
  started.resolve();
  await (await running).close();
});
