import { expect, test } from 'vitest';
import { parseRedisAddress } from './redis-address.ts';

test.each([
  ['redis://cache', { kind: 'single', host: 'cache', port: 6379, database: 0, tls: false }],
  ['redis://[::1]:7000/3', { kind: 'single', host: '::1', port: 7000, database: 3, tls: false }],
  [
    'rediss://ada:s%40cret@cache:7000',
    { kind: 'single', host: 'cache', port: 7000, database: 0, tls: true, username: 'ada', password: 's@cret' },
  ],
  [
    'redis://:secret@one:1,redis://two:2',
    {
      kind: 'cluster',
      nodes: [
        { host: 'one', port: 1 },
        { host: 'two', port: 2 },
      ],
      tls: false,
      password: 'secret',
    },
  ],
  ['redis+cluster://one', { kind: 'cluster', nodes: [{ host: 'one', port: 6379 }], tls: false }],
  [
    'redis+sentinel://one,two:5000/main/2',
    {
      kind: 'sentinel',
      sentinels: [
        { host: 'one', port: 26379 },
        { host: 'two', port: 5000 },
      ],
      name: 'main',
      database: 2,
      tls: false,
    },
  ],
])('%s is understood', (text, address) => {
  expect(parseRedisAddress(text)).toEqual(address);
});

test.each(['', 'cache:6379', 'http://cache', 'redis://', 'redis://one,two', 'redis://one/x', 'redis+sentinel://one'])(
  'rejects %j with a message for the operator',
  (text) => {
    expect(() => parseRedisAddress(text)).toThrow('The address of Redis must be redis://host:port');
  },
);

test('does not repeat the password in an error', () => {
  expect(() => parseRedisAddress('redis://:secret@one:port')).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('secret') as string }) as Error,
  );
});
