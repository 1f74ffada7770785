import { resolve } from 'node:path';
import * as kinds from './kinds.ts';
import type { Kind } from './kinds.ts';

/** `migrate` brings a database to the schema of this release, then ends. */
export const PROCESSES = ['gateway', 'room', 'message', 'standalone', 'migrate'] as const;
export type Process = (typeof PROCESSES)[number];

/** Instead of a default: the process does not start without the setting. */
export const REQUIRED = Symbol('required');
/** Instead of a default: the setting may be left out. */
export const OPTIONAL = undefined;

export interface Setting<Value = unknown> {
  readonly name: `PARLEY_${string}`;
  readonly kind: Kind<Value>;
  /** The processes that read it, each with its default. */
  readonly defaults: { readonly [P in Process]?: Value | typeof REQUIRED | typeof OPTIONAL };
  readonly description: string;
  /** Never shown; may also be read from the file that `…_FILE` names. */
  readonly secret?: true;
  /** The documented default, when the default depends on the machine. */
  readonly shownDefault?: string;
}

const cluster = <const Default>(value: Default) => ({ gateway: value, room: value, message: value });
const publicServers = <const Default>(value: Default) => ({ gateway: value, standalone: value });
const MAX_LIMIT = 1_000_000;

/** All settings of Parley; docs/settings.md is generated from this table. */
export const SETTINGS = {
  port: {
    name: 'PARLEY_PORT',
    kind: kinds.port,
    defaults: { gateway: 8080, standalone: 8080, room: 8081, message: 8082 },
    description:
      'The port to listen on, for browsers (gateway, standalone) or for the other services. 0: any free port.',
  },
  host: {
    name: 'PARLEY_HOST',
    kind: kinds.host,
    defaults: { ...cluster('0.0.0.0'), standalone: '127.0.0.1' },
    description: 'The address to listen on. 127.0.0.1: this machine only; 0.0.0.0: all of its networks.',
  },
  dataDir: {
    name: 'PARLEY_DATA_DIR',
    kind: kinds.folder,
    defaults: { standalone: resolve('data') },
    shownDefault: './data',
    description: 'The folder of all data. Only one Parley at a time can use it.',
  },
  mongoUrl: {
    name: 'PARLEY_MONGO_URL',
    kind: kinds.mongoUrl,
    defaults: { room: REQUIRED, message: REQUIRED, migrate: REQUIRED },
    secret: true,
    description: 'The address of the MongoDB replica set, with the name of the database.',
  },
  mongoInitiate: {
    name: 'PARLEY_MONGO_INITIATE',
    kind: kinds.flag,
    defaults: { migrate: false },
    description: 'true: initiate a replica set of the servers in PARLEY_MONGO_URL, unless they are one already.',
  },
  redisUrl: {
    name: 'PARLEY_REDIS_URL',
    kind: kinds.redisUrl,
    defaults: cluster(REQUIRED),
    secret: true,
    description:
      'Redis or Valkey, version 7 or newer. A Redis Cluster: several addresses separated by commas; Sentinel: redis+sentinel://host:port,host:port/name.',
  },
  internalToken: {
    name: 'PARLEY_INTERNAL_TOKEN',
    kind: kinds.secret(16),
    defaults: cluster(REQUIRED),
    secret: true,
    description: 'The secret by which the services recognise each other; the same in all of them.',
  },
  roomUrls: {
    name: 'PARLEY_ROOM_URLS',
    kind: kinds.list(kinds.origin('http://room:8081')),
    defaults: { gateway: REQUIRED },
    description: 'The addresses of the room services. A host name with several addresses counts as several services.',
  },
  messageUrls: {
    name: 'PARLEY_MESSAGE_URLS',
    kind: kinds.list(kinds.origin('http://message:8082')),
    defaults: { gateway: REQUIRED, room: REQUIRED },
    description:
      'The addresses of the message services. A host name with several addresses counts as several services.',
  },
  publicUrl: {
    name: 'PARLEY_PUBLIC_URL',
    kind: kinds.origin('https://chat.example.org'),
    defaults: publicServers(OPTIONAL),
    description: 'The address in the browser, when it is that of a proxy. With https the session cookie is Secure.',
  },
  trustedProxies: {
    name: 'PARLEY_TRUSTED_PROXIES',
    kind: kinds.list(kinds.network),
    defaults: publicServers([]),
    description: 'The proxies whose X-Forwarded-For and X-Forwarded-Proto headers are trusted.',
  },
  origins: {
    name: 'PARLEY_ORIGINS',
    kind: kinds.list(kinds.origin('https://intranet.example.org')),
    defaults: publicServers([]),
    description: 'Other websites that may connect to Parley as the signed-in user.',
  },
  tlsCert: {
    name: 'PARLEY_TLS_CERT',
    kind: kinds.readableFile,
    defaults: { standalone: OPTIONAL },
    description: 'A certificate (PEM), to serve https without a proxy. Needs PARLEY_TLS_KEY.',
  },
  tlsKey: {
    name: 'PARLEY_TLS_KEY',
    kind: kinds.readableFile,
    defaults: { standalone: OPTIONAL },
    description: "The certificate's private key (PEM). Needs PARLEY_TLS_CERT.",
  },
  webDir: {
    name: 'PARLEY_WEB_DIR',
    kind: kinds.existingFolder,
    defaults: publicServers(resolve(import.meta.dirname, '../../../../web/dist')),
    shownDefault: 'web/dist of this Parley',
    description: 'The folder of the built web app.',
  },
  managementPort: {
    name: 'PARLEY_MANAGEMENT_PORT',
    kind: kinds.port,
    defaults: { ...cluster(9090), standalone: OPTIONAL },
    description: 'The port of /healthz, /readyz and /metrics. Do not expose it to the public.',
  },
  managementHost: {
    name: 'PARLEY_MANAGEMENT_HOST',
    kind: kinds.host,
    defaults: { ...cluster('0.0.0.0'), standalone: '127.0.0.1' },
    description: 'The address that the management port listens on.',
  },
  logLevel: {
    name: 'PARLEY_LOG_LEVEL',
    kind: kinds.oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    defaults: { ...cluster('info'), standalone: 'warn' },
    description: 'The lowest level that is logged.',
  },
  drainSeconds: {
    name: 'PARLEY_DRAIN_SECONDS',
    kind: kinds.wholeNumber(0, 3_600),
    defaults: { gateway: 30, standalone: 0 },
    description:
      'Before the process ends, connections are closed over this time, so that they do not all reconnect at once.',
  },
  limitCommandsPerSecond: {
    name: 'PARLEY_LIMIT_COMMANDS_PER_SECOND',
    kind: kinds.wholeNumber(0, MAX_LIMIT),
    defaults: publicServers(20),
    description: 'Sustained rate of commands of one connection, in commands a second. 0: no limit.',
  },
  limitCommandsBurst: {
    name: 'PARLEY_LIMIT_COMMANDS_BURST',
    kind: kinds.wholeNumber(0, MAX_LIMIT),
    defaults: publicServers(60),
    description: 'Commands that one connection may send at once after a pause. 0: no limit.',
  },
  limitLoginsPerMinute: {
    name: 'PARLEY_LIMIT_LOGINS_PER_MINUTE',
    kind: kinds.wholeNumber(0, MAX_LIMIT),
    defaults: publicServers(5),
    description: 'Failed log-ins a minute for one account from one address. 0: no limit.',
  },
  limitSignupsPerHour: {
    name: 'PARLEY_LIMIT_SIGNUPS_PER_HOUR',
    kind: kinds.wholeNumber(0, MAX_LIMIT),
    defaults: publicServers(60),
    description: 'Accounts created an hour from one address. 0: no limit.',
  },
  limitConnectionsPerUser: {
    name: 'PARLEY_LIMIT_CONNECTIONS_PER_USER',
    kind: kinds.wholeNumber(0, MAX_LIMIT),
    defaults: publicServers(20),
    description: 'Connections of one user to one gateway. 0: no limit.',
  },
  limitUploadsPerMinute: {
    name: 'PARLEY_LIMIT_UPLOADS_PER_MINUTE',
    kind: kinds.wholeNumber(0, MAX_LIMIT),
    defaults: publicServers(60),
    description: 'Images a minute that one user may upload. 0: no limit.',
  },
  limitAttachmentBytesPerUser: {
    name: 'PARLEY_LIMIT_ATTACHMENT_BYTES_PER_USER',
    kind: kinds.wholeNumber(0, 1e15 - 1),
    defaults: { message: 2 ** 30, standalone: 2 ** 30 },
    description: 'Bytes of storage for the images of one user, with their thumbnails. 0: no limit.',
  },
} satisfies Record<string, Setting>;

type Settings = typeof SETTINGS;
type ValueOf<S> = S extends { readonly kind: Kind<infer Value> } ? Value : never;
type DefaultIn<S, P extends Process> = S extends { readonly defaults: Readonly<Record<P, infer Default>> }
  ? Default
  : never;

/** The settings that a process reads. Lists are never undefined. */
export type Config<P extends Process> = {
  readonly [Key in keyof Settings as P extends keyof Settings[Key]['defaults'] ? Key : never]:
    ValueOf<Settings[Key]> | (DefaultIn<Settings[Key], P> extends undefined ? undefined : never);
};
