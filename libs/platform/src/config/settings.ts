import { resolve } from 'node:path';
import * as kinds from './kinds.ts';
import type { Kind } from './kinds.ts';

/** `migrate` is the process that brings a database to the schema of this release, and then ends. */
export const PROCESSES = ['gateway', 'room', 'message', 'standalone', 'migrate'] as const;
export type Process = (typeof PROCESSES)[number];

/** In the place of a default: the process does not start without the setting. */
export const REQUIRED = Symbol('required');
/** In the place of a default: the setting may be left out. */
export const OPTIONAL = undefined;

export interface Setting<Value = unknown> {
  readonly name: `PARLEY_${string}`;
  readonly kind: Kind<Value>;
  /** The processes that read it, each with its default. */
  readonly defaults: { readonly [P in Process]?: Value | typeof REQUIRED | typeof OPTIONAL };
  readonly description: string;
  /** Never shown; may also be read from the file that `…_FILE` names. */
  readonly secret?: true;
  /** What the documentation shows for a default that depends on the machine. */
  readonly shownDefault?: string;
}

const cluster = <const Default>(value: Default) => ({ gateway: value, room: value, message: value });
const doors = <const Default>(value: Default) => ({ gateway: value, standalone: value });
const most = 1_000_000;

/** Every setting of Parley; docs/settings.md is made from this table. */
export const SETTINGS = {
  port: {
    name: 'PARLEY_PORT',
    kind: kinds.port,
    defaults: { gateway: 8080, standalone: 8080, room: 8081, message: 8082 },
    description: 'The port to listen on: for people (gateway, standalone) or for the other services. 0: any free one.',
  },
  host: {
    name: 'PARLEY_HOST',
    kind: kinds.host,
    defaults: { ...cluster('0.0.0.0'), standalone: '127.0.0.1' },
    description: 'The address to listen on. 127.0.0.1: this machine only; 0.0.0.0: every network it is in.',
  },
  dataDir: {
    name: 'PARLEY_DATA_DIR',
    kind: kinds.folder,
    defaults: { standalone: resolve('data') },
    shownDefault: './data',
    description: 'The folder that holds all data. One Parley at a time works with it.',
  },
  mongoUrl: {
    name: 'PARLEY_MONGO_URL',
    kind: kinds.mongoUrl,
    defaults: { room: REQUIRED, message: REQUIRED, migrate: REQUIRED },
    secret: true,
    description: 'The MongoDB replica set, with the name of the database.',
  },
  mongoInitiate: {
    name: 'PARLEY_MONGO_INITIATE',
    kind: kinds.flag,
    defaults: { migrate: false },
    description: 'true: make a replica set of the servers that PARLEY_MONGO_URL names, if they are none yet.',
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
    description: 'What the services show each other; the same in all of them.',
  },
  roomUrls: {
    name: 'PARLEY_ROOM_URLS',
    kind: kinds.list(kinds.origin('http://room:8081')),
    defaults: { gateway: REQUIRED },
    description: 'Where the room services are. A host name with several addresses stands for all of them.',
  },
  messageUrls: {
    name: 'PARLEY_MESSAGE_URLS',
    kind: kinds.list(kinds.origin('http://message:8082')),
    defaults: { gateway: REQUIRED, room: REQUIRED },
    description: 'Where the message services are. A host name with several addresses stands for all of them.',
  },
  publicUrl: {
    name: 'PARLEY_PUBLIC_URL',
    kind: kinds.origin('https://chat.example.org'),
    defaults: doors(OPTIONAL),
    description: 'The address people use, when a proxy stands in front. https makes the session cookie Secure.',
  },
  trustedProxies: {
    name: 'PARLEY_TRUSTED_PROXIES',
    kind: kinds.list(kinds.network),
    defaults: doors([]),
    description: 'The proxies whose X-Forwarded-For and X-Forwarded-Proto count.',
  },
  origins: {
    name: 'PARLEY_ORIGINS',
    kind: kinds.list(kinds.origin('https://intranet.example.org')),
    defaults: doors([]),
    description: 'Other websites that may connect to Parley in the name of whoever is signed in.',
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
    defaults: doors(resolve(import.meta.dirname, '../../../../web/dist')),
    shownDefault: 'web/dist of this Parley',
    description: 'The folder of the built web app.',
  },
  managementPort: {
    name: 'PARLEY_MANAGEMENT_PORT',
    kind: kinds.port,
    defaults: { ...cluster(9090), standalone: OPTIONAL },
    description: 'The port of /healthz, /readyz and /metrics. Not for the public.',
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
    description: 'The least important lines that are logged.',
  },
  drainSeconds: {
    name: 'PARLEY_DRAIN_SECONDS',
    kind: kinds.wholeNumber(0, 3_600),
    defaults: { gateway: 30, standalone: 0 },
    description:
      'Over how long connections are closed before the process ends, so that they do not all return at once.',
  },
  limitCommandsPerSecond: {
    name: 'PARLEY_LIMIT_COMMANDS_PER_SECOND',
    kind: kinds.wholeNumber(0, most),
    defaults: doors(20),
    description: 'Commands a second that one connection may send for long. 0: no limit.',
  },
  limitCommandsBurst: {
    name: 'PARLEY_LIMIT_COMMANDS_BURST',
    kind: kinds.wholeNumber(0, most),
    defaults: doors(60),
    description: 'Commands that one connection may send at once after a rest. 0: no limit.',
  },
  limitLoginsPerMinute: {
    name: 'PARLEY_LIMIT_LOGINS_PER_MINUTE',
    kind: kinds.wholeNumber(0, most),
    defaults: doors(5),
    description: 'Failed log-ins a minute for one account from one address. 0: no limit.',
  },
  limitSignupsPerHour: {
    name: 'PARLEY_LIMIT_SIGNUPS_PER_HOUR',
    kind: kinds.wholeNumber(0, most),
    defaults: doors(60),
    description: 'Accounts an hour that may be made from one address. 0: no limit.',
  },
  limitConnectionsPerUser: {
    name: 'PARLEY_LIMIT_CONNECTIONS_PER_USER',
    kind: kinds.wholeNumber(0, most),
    defaults: doors(20),
    description: 'Connections of one person to one gateway. 0: no limit.',
  },
  limitUploadsPerMinute: {
    name: 'PARLEY_LIMIT_UPLOADS_PER_MINUTE',
    kind: kinds.wholeNumber(0, most),
    defaults: doors(60),
    description: 'Images a minute that one person may upload. 0: no limit.',
  },
  limitAttachmentBytesPerUser: {
    name: 'PARLEY_LIMIT_ATTACHMENT_BYTES_PER_USER',
    kind: kinds.wholeNumber(0, 1e15 - 1),
    defaults: { message: 2 ** 30, standalone: 2 ** 30 },
    description: 'Bytes that the images of one person may take up in all, with their thumbnails. 0: no limit.',
  },
} satisfies Record<string, Setting>;

type Settings = typeof SETTINGS;
type ValueOf<S> = S extends { readonly kind: Kind<infer Value> } ? Value : never;
type DefaultIn<S, P extends Process> = S extends { readonly defaults: Readonly<Record<P, infer Default>> }
  ? Default
  : never;

/** What a process reads from its settings: exactly those that concern it. Lists are never undefined. */
export type Config<P extends Process> = {
  readonly [Key in keyof Settings as P extends keyof Settings[Key]['defaults'] ? Key : never]:
    ValueOf<Settings[Key]> | (DefaultIn<Settings[Key], P> extends undefined ? undefined : never);
};
