import { Counter } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ListeningServer } from './listening-server.ts';
import { startManagement } from './management.ts';
import { createRegistry } from '../metrics.ts';

let checks: Record<string, boolean> | Error;
let server: ListeningServer;
const registry = createRegistry('gateway');

beforeEach(async () => {
  checks = { redis: true };
  server = await startManagement({
    host: '127.0.0.1',
    port: 0,
    registry,
    readiness: async () => {
      if (checks instanceof Error) throw checks;
      return checks;
    },
  });
});

afterEach(() => server.close());

const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`);

test('answers /healthz while the process runs', async () => {
  checks = { redis: false };
  expect((await get('/healthz')).status).toBe(200);
});

test('names the failed conditions in /readyz', async () => {
  expect((await get('/readyz')).status).toBe(200);
  checks = { redis: false, room: true };
  const response = await get('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ status: 'not ready', checks: { redis: false, room: true } });
});

test('answers /readyz with 503 when a check throws', async () => {
  checks = new Error('no answer');
  const response = await get('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ status: 'not ready', reason: 'Error: no answer' });
});

test('shows metrics of Node and registered ones in /metrics, labelled with the process', async () => {
  new Counter({ name: 'parley_test_total', help: 'A test.', registers: [registry] }).inc(3);
  const response = await get('/metrics');
  expect(response.headers.get('content-type')).toContain('text/plain');
  const text = await response.text();
  expect(text).toContain('parley_test_total{process="gateway"} 3');
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds{process="gateway"}');
});

test('rejects a taken port with what to do', async () => {
  const second = startManagement({ host: '127.0.0.1', port: server.port, registry, readiness: async () => ({}) });
  await expect(second).rejects.toThrow(
    `The port ${server.port} is taken: stop what uses it, or set PARLEY_MANAGEMENT_PORT to another one.`,
  );
});
