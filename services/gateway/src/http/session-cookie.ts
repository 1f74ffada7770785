import type { CookieSerializeOptions } from '@fastify/cookie';
import { ParleyError, type Session } from '@parley/contracts';
import { SESSION_COOKIE } from '@parley/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway-config.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The name that a later release will set. Browsers bind it to this host and to https, so it takes precedence. */
const HOST_SESSION_COOKIE = `__Host-${SESSION_COOKIE}`;

/** The session's token in a Cookie header. */
export function readSessionToken(header: string | undefined): string | undefined {
  return readSessionTokens(header)[0];
}

/** The tokens under both names of the cookie, the preferred one first. */
export function readSessionTokens(header: string | undefined): string[] {
  const tokens = [readCookie(header, HOST_SESSION_COOKIE), readCookie(header, SESSION_COOKIE)];
  return [...new Set(tokens)].filter((token) => token !== undefined);
}

function readCookie(header: string | undefined, name: string): string | undefined {
  const start = `${name}=`;
  const pair = header?.split(/; */).find((text) => text.startsWith(start));
  return pair?.slice(start.length) || undefined;
}

/** Throws `unauthenticated`. */
export function requireSessionToken(header: string | undefined): string {
  const token = readSessionToken(header);
  if (token === undefined) throw new ParleyError('unauthenticated', 'Sign in first.');
  return token;
}

/** Sets and clears the session cookie of a browser. */
@Injectable()
export class SessionCookie {
  readonly #config: GatewayConfig;

  constructor(@Inject(GATEWAY_CONFIG) config: GatewayConfig) {
    this.#config = config;
  }

  /** Sets the cookie, and clears another session's token under the preferred name, which would win over it. */
  set(request: FastifyRequest, reply: FastifyReply, token: string, { expiresAt }: Pick<Session, 'expiresAt'>): void {
    reply.setCookie(SESSION_COOKIE, token, { ...this.#attributes(request), expires: new Date(expiresAt) });
    const preferred = readCookie(request.headers.cookie, HOST_SESSION_COOKIE);
    if (preferred !== undefined && preferred !== token) this.#clearHostCookie(reply);
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    reply.clearCookie(SESSION_COOKIE, this.#attributes(request));
    this.#clearHostCookie(reply);
  }

  /** Browsers accept this name only with Secure. */
  #clearHostCookie(reply: FastifyReply): void {
    reply.clearCookie(HOST_SESSION_COOKIE, { httpOnly: true, sameSite: 'lax', path: '/', secure: true });
  }

  /** Secure if users reach Parley over https, according to the public URL, this server's TLS or a trusted proxy. */
  #attributes(request: FastifyRequest): CookieSerializeOptions {
    const secure = this.#config.publicUrl?.startsWith('https:') === true || request.protocol === 'https';
    return { httpOnly: true, sameSite: 'lax', path: '/', secure };
  }
}
