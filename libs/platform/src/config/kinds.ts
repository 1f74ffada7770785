import { accessSync, constants, statSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { resolve } from 'node:path';

/** A kind of value: how its text is parsed, and how an error describes it. */
export interface Kind<Value> {
  /** Completes "give …". */
  readonly expects: string;
  /** Returns undefined for text that is not of this kind. */
  parse(text: string): Value | undefined;
}

export const wholeNumber = (least: number, most: number): Kind<number> => ({
  expects: `a whole number from ${least} to ${most}`,
  parse(text) {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  },
});

/** 0: any free port. */
export const port: Kind<number> = { ...wholeNumber(0, 65_535), expects: 'a port number from 0 to 65535' };

export const host: Kind<string> = {
  expects: 'an address or host name to listen on, such as 127.0.0.1 or 0.0.0.0',
  parse: (text) => (/^[A-Za-z0-9.:_-]+$/.test(text) ? text : undefined),
};

export const oneOf = <const Choice extends string>(choices: readonly Choice[]): Kind<Choice> => ({
  expects: `one of ${choices.join(', ')}`,
  parse: (text) => choices.find((choice) => choice === text),
});

export const flag: Kind<boolean> = {
  expects: 'true or false',
  parse: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
};

export const secret = (leastLength: number): Kind<string> => ({
  expects: `at least ${leastLength} characters that cannot be guessed`,
  parse: (text) => (text.length >= leastLength ? text : undefined),
});

/** An address of MongoDB may name several hosts, which a URL cannot. */
export const mongoUrl: Kind<string> = {
  expects: 'an address such as mongodb://host:27017/parley?replicaSet=rs0',
  parse: (text) => (/^mongodb(\+srv)?:\/\/[^/\s]+/.test(text) ? text : undefined),
};

/** One node, the nodes of a Redis Cluster, or Sentinels; `@parley/bus` parses it. */
export const redisUrl: Kind<string> = {
  expects: 'an address such as redis://host:6379',
  parse: (text) => (/^rediss?(\+cluster|\+sentinel)?:\/\/[^/\s]+/.test(text) ? text : undefined),
};

/** Scheme, host and port of a web address, without a path. */
export const origin = (example: string): Kind<string> => ({
  expects: `an address without a path, such as ${example}`,
  parse(text) {
    const parsed = parseUrl(text);
    if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) return undefined;
    const bare = parsed.pathname === '/' && !parsed.search && !parsed.hash && !parsed.username;
    return bare ? parsed.origin : undefined;
  },
});

/** An IP address, or a network of them in CIDR notation. */
export const network: Kind<string> = {
  expects: 'an IP address or a network such as 10.0.0.0/8',
  parse: (text) => (isNetwork(text) ? text : undefined),
};

export const folder: Kind<string> = { expects: 'the path of a folder', parse: (text) => resolve(text) };

export const existingFolder: Kind<string> = {
  expects: 'the path of a folder that exists',
  parse: (text) => (statSync(text, { throwIfNoEntry: false })?.isDirectory() ? resolve(text) : undefined),
};

export const readableFile: Kind<string> = {
  expects: 'the path of a file that this user may read',
  parse: (text) => (isReadable(text) ? resolve(text) : undefined),
};

/** Separated by commas. */
export const list = <Value>(item: Kind<Value>): Kind<readonly Value[]> => ({
  expects: `${item.expects}; several separated by commas`,
  parse(text) {
    const parts = text.split(',').map((part) => part.trim());
    const values = parts.filter((part) => part !== '').map((part) => item.parse(part));
    const good = values.filter((value) => value !== undefined);
    return good.length > 0 && good.length === values.length ? good : undefined;
  },
});

const parseUrl = (text: string): URL | undefined => URL.parse(text) ?? undefined;

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  try {
    new BlockList().addSubnet(address, /^\d+$/.test(prefix) ? Number(prefix) : -1, version === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
