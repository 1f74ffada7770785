import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { SETTINGS, type Process, type Setting } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const gateway = {
  PARLEY_REDIS_URL: 'redis://localhost:6379',
  PARLEY_INTERNAL_TOKEN: 'a-token-of-enough-length',
  PARLEY_ROOM_URLS: 'http://room:8081',
  PARLEY_MESSAGE_URLS: 'http://message-1:8082, http://message-2:8082/',
};

function faultsOf(process: Process, environment: Record<string, string>): readonly string[] {
  try {
    readConfig(process, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

test('the standalone process requires no setting', () => {
  expect(readConfig('standalone', {})).toMatchObject({
    port: 8080,
    host: '127.0.0.1',
    dataDir: resolve('data'),
    publicUrl: undefined,
    trustedProxies: [],
    managementPort: undefined,
    logLevel: 'warn',
    drainSeconds: 0,
    limitCommandsPerSecond: 20,
  });
});

test('a process reads its own settings only', () => {
  const config = readConfig('gateway', { ...gateway, PARLEY_MONGO_URL: 'mongodb://localhost/parley' });
  expect(config).not.toHaveProperty('mongoUrl');
  expect(config).not.toHaveProperty('dataDir');
  expect(config.redisUrl).toBe('redis://localhost:6379');
});

test('a migration reads the settings of the database only', () => {
  const mongoUrl = 'mongodb://a:1,b:2/parley?replicaSet=rs0';
  expect(readConfig('migrate', { PARLEY_MONGO_URL: mongoUrl })).toEqual({ mongoUrl, mongoInitiate: false });
  expect(readConfig('migrate', { PARLEY_MONGO_URL: mongoUrl, PARLEY_MONGO_INITIATE: 'true' }).mongoInitiate).toBe(true);
  expect(faultsOf('migrate', { PARLEY_MONGO_INITIATE: 'yes' })).toEqual([
    'PARLEY_MONGO_URL is not set: give an address such as mongodb://host:27017/parley?replicaSet=rs0.',
    'PARLEY_MONGO_INITIATE is "yes": give true or false.',
  ]);
});

test('lists are split at commas, and addresses lose their trailing slash', () => {
  expect(readConfig('gateway', gateway).messageUrls).toEqual(['http://message-1:8082', 'http://message-2:8082']);
});

test('an empty variable counts as not set, and unknown ones are ignored', () => {
  expect(readConfig('standalone', { PARLEY_PORT: '', PARLEY_ORIGINS: '', PARLEY_FUTURE: 'x' })).toMatchObject({
    port: 8080,
    origins: [],
  });
});

test('port 0 is any free port', () => {
  expect(readConfig('standalone', { PARLEY_PORT: '0' }).port).toBe(0);
});

test('reports all faults at once, each with the setting, the given value and what to do', () => {
  expect(
    faultsOf('gateway', { ...gateway, PARLEY_REDIS_URL: '', PARLEY_PORT: 'http', PARLEY_LOG_LEVEL: 'loud' }),
  ).toEqual([
    'PARLEY_PORT is "http": give a port number from 0 to 65535.',
    'PARLEY_REDIS_URL is not set: give an address such as redis://host:6379.',
    'PARLEY_LOG_LEVEL is "loud": give one of trace, debug, info, warn, error, fatal, silent.',
  ]);
});

describe('a secret', () => {
  test('is read from the file that …_FILE names, without the line feed at its end', () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'a-token-from-a-file\n');
    const { PARLEY_INTERNAL_TOKEN: _token, ...others } = gateway;
    expect(readConfig('gateway', { ...others, PARLEY_INTERNAL_TOKEN_FILE: file }).internalToken).toBe(
      'a-token-from-a-file',
    );
  });

  test('is never repeated in a fault', () => {
    expect(faultsOf('gateway', { ...gateway, PARLEY_INTERNAL_TOKEN: 'hunter2' })).toEqual([
      'PARLEY_INTERNAL_TOKEN is not usable: give at least 16 characters that cannot be guessed.',
    ]);
  });

  test('that is given twice, or in a missing file, is a fault', () => {
    expect(faultsOf('gateway', { ...gateway, PARLEY_INTERNAL_TOKEN_FILE: '/nowhere' })).toEqual([
      'PARLEY_INTERNAL_TOKEN and PARLEY_INTERNAL_TOKEN_FILE are both set: set only one of them.',
    ]);
    const { PARLEY_REDIS_URL: _url, ...others } = gateway;
    expect(faultsOf('gateway', { ...others, PARLEY_REDIS_URL_FILE: '/nowhere' })[0]).toContain(
      'PARLEY_REDIS_URL_FILE is "/nowhere": give the path of a readable file (ENOENT',
    );
  });
});

test.each([
  ['PARLEY_PORT', '65536'],
  ['PARLEY_PORT', '-1'],
  ['PARLEY_PORT', '80.5'],
  ['PARLEY_HOST', 'not a host'],
  ['PARLEY_PUBLIC_URL', 'chat.example.org'],
  ['PARLEY_PUBLIC_URL', 'https://example.org/chat'],
  ['PARLEY_PUBLIC_URL', 'ftp://example.org'],
  ['PARLEY_TRUSTED_PROXIES', '10.0.0.0/33'],
  ['PARLEY_TRUSTED_PROXIES', '10.0.0.1,proxy'],
  ['PARLEY_ORIGINS', 'https://a.example,null'],
  ['PARLEY_WEB_DIR', '/nowhere'],
  ['PARLEY_DRAIN_SECONDS', '3601'],
  ['PARLEY_LIMIT_COMMANDS_BURST', '1e3'],
])('%s cannot be %s', (name, value) => {
  const faults = faultsOf('standalone', { [name]: value });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(new RegExp(`^${name} is "${value.replaceAll('.', '\\.')}": give .+\\.$`));
});

test.each([
  ['PARLEY_TRUSTED_PROXIES', '10.0.0.0/8, ::1,fd00::/8', 'trustedProxies', ['10.0.0.0/8', '::1', 'fd00::/8']],
  ['PARLEY_PUBLIC_URL', 'https://Chat.example.org/', 'publicUrl', 'https://chat.example.org'],
  ['PARLEY_WEB_DIR', folder, 'webDir', folder],
  ['PARLEY_LIMIT_LOGINS_PER_MINUTE', '0', 'limitLoginsPerMinute', 0],
])('%s can be %s', (name, value, key, expected) => {
  expect(readConfig('standalone', { [name]: value })).toHaveProperty(key, expected);
});

test('an address of MongoDB may contain several hosts', () => {
  const mongoUrl = 'mongodb://a:1,b:2,c:3/parley?replicaSet=rs0';
  const { PARLEY_REDIS_URL, PARLEY_INTERNAL_TOKEN } = gateway;
  const config = readConfig('message', { PARLEY_REDIS_URL, PARLEY_INTERNAL_TOKEN, PARLEY_MONGO_URL: mongoUrl });
  expect(config.mongoUrl).toBe(mongoUrl);
});

test('a certificate without its key is a fault', () => {
  const file = join(folder, 'cert.pem');
  writeFileSync(file, '');
  expect(faultsOf('standalone', { PARLEY_TLS_CERT: file })).toEqual([
    'PARLEY_TLS_CERT and PARLEY_TLS_KEY belong together: set both, or neither.',
  ]);
});

test.each(Object.entries<Setting>(SETTINGS))('%s has the name that belongs to its key', (key, { name }) => {
  expect(name).toBe(`PARLEY_${key.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`);
});

test.each(['redis://h:1,redis://h:2', 'redis+cluster://h:1,h:2', 'rediss://u:p@h/2', 'redis+sentinel://h:1,h:2/main'])(
  'Redis may be %s',
  (url) => {
    expect(readConfig('gateway', { ...gateway, PARLEY_REDIS_URL: url }).redisUrl).toBe(url);
  },
);
