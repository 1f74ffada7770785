import { expect, test } from 'vitest';
import { findUnknownSettings } from './unknown-settings.ts';

test('a misspelt setting is found with the nearest name', () => {
  const environment = { PARLEY_PROT: '8080', PARLEY_LIMIT_LOGIN_PER_MINUTE: '5', PARLEY_MONGO_URL_FIEL: '/run/url' };
  expect(findUnknownSettings(environment)).toEqual([
    { name: 'PARLEY_PROT', nearest: 'PARLEY_PORT' },
    { name: 'PARLEY_LIMIT_LOGIN_PER_MINUTE', nearest: 'PARLEY_LIMIT_LOGINS_PER_MINUTE' },
    { name: 'PARLEY_MONGO_URL_FIEL', nearest: 'PARLEY_MONGO_URL_FILE' },
  ]);
});

test('settings of every process, files of secrets and foreign variables are known', () => {
  const environment = {
    PARLEY_PORT: '8080',
    PARLEY_ROOM_URLS: 'http://room:8081',
    PARLEY_INTERNAL_TOKEN_FILE: '/run/token',
    PARLEY_GATEWAY_IMAGE: 'parley-gateway',
    PARLEY_FUZZ_SEED: '1',
    PARLEY_GATEWAY_SERVICE_HOST: '10.96.0.1',
    PARLEY_GATEWAY_SERVICE_PORT_HTTP: '80',
    PARLEY_GATEWAY_PORT: 'tcp://10.96.0.1:80',
    PARLEY_GATEWAY_PORT_80_TCP: 'tcp://10.96.0.1:80',
    PORT: '80',
  };
  expect(findUnknownSettings(environment)).toEqual([]);
});
