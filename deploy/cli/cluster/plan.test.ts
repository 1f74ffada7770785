import { expect, test } from 'vitest';
import { gatewayUrls, planServices, portsNeeded } from './plan.ts';

const args = { gateways: 2, rooms: 1, messages: 2, basePort: 9000 };

function plan(env: NodeJS.ProcessEnv = {}) {
  const freePorts = Array.from({ length: portsNeeded(args) }, (_, index) => 5001 + index);
  return planServices(args, { env, freePorts, token: 'a random token' });
}

test('gateways listen on the base port and the following ones, and no two processes share a port', () => {
  const services = plan();
  expect(services.filter(({ service }) => service === 'gateway').map(({ port }) => port)).toEqual([9000, 9001]);
  const ports = services.flatMap(({ port, managementPort }) => [port, managementPort]);
  expect(new Set(ports).size).toBe(10);
});

test('every process gets the addresses of the others and the same token', () => {
  const services = plan();
  const [room] = services.filter(({ service }) => service === 'room');
  const messages = services.filter(({ service }) => service === 'message');
  for (const { env, port, managementPort } of services) {
    expect(env).toMatchObject({
      PARLEY_PORT: String(port),
      PARLEY_MANAGEMENT_PORT: String(managementPort),
      PARLEY_ROOM_URLS: `http://127.0.0.1:${room?.port}`,
      PARLEY_MESSAGE_URLS: messages.map((message) => `http://127.0.0.1:${message.port}`).join(','),
      PARLEY_INTERNAL_TOKEN: 'a random token',
    });
  }
});

test('every setting of the launcher reaches every service', () => {
  const settings = {
    PARLEY_LIMIT_COMMANDS_BURST: '0',
    PARLEY_LOG_LEVEL: 'debug',
    PARLEY_INTERNAL_TOKEN: 'a chosen one',
  };
  for (const { env } of plan(settings)) expect(env).toMatchObject(settings);
});

test('a token in a file is not overridden', () => {
  for (const { env } of plan({ PARLEY_INTERNAL_TOKEN_FILE: '/run/token' })) {
    expect(env).not.toHaveProperty('PARLEY_INTERNAL_TOKEN');
  }
});

test('PARLEY_HOST applies to the gateways only', () => {
  for (const { service, env } of plan({ PARLEY_HOST: '0.0.0.0' })) {
    expect(env.PARLEY_HOST).toBe(service === 'gateway' ? '0.0.0.0' : '127.0.0.1');
  }
});

test.each([
  [undefined, 'http://127.0.0.1:9000'],
  ['0.0.0.0', 'http://127.0.0.1:9000'],
  ['192.168.1.7', 'http://192.168.1.7:9000'],
  ['::1', 'http://[::1]:9000'],
])('with PARLEY_HOST %s the address of the first gateway is %s', (host, url) => {
  expect(gatewayUrls(args, host)[0]).toBe(url);
});
