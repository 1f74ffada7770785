import type { ServerLocation } from './mongod.ts';

/** Arguments of redis-server and valkey-server, without persistence. */
export const redisArguments = ({ port, folder, host = '127.0.0.1' }: ServerLocation): string[] => [
  ...['--port', String(port), '--bind', host, '--protected-mode', 'no', '--dir', folder],
  ...['--save', '', '--appendonly', 'no'],
];
