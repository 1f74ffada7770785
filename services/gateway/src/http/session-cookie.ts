import type { CookieSerializeOptions } from '@fastify/cookie';
import { ParleyError, type Session } from '@parley/contracts';
import { SESSION_COOKIE } from '@parley/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway-config.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The session's token in a Cookie header. */
export function readSessionToken(header: string | undefined): string | undefined {
  const start = `${SESSION_COOKIE}=`;
  const pair = header?.split(/; */).find((text) => text.startsWith(start));
  return pair?.slice(start.length) || undefined;
}

/** Throws `unauthenticated`. */
export function requireSessionToken(header: string | undefined): string {
  const token = readSessionToken(header);
  if (token === undefined) throw new ParleyError('unauthenticated', 'Sign in first.');
  return token;
}

/** Gives and takes the cookie that says who is signed in. */
@Injectable()
export class SessionCookie {
  readonly #config: GatewayConfig;
  constructor(@Inject(GATEWAY_CONFIG) config: GatewayConfig) {
    this.#config = config;
  }

  /** `token` and the time up to which it is good. */
  set(request: FastifyRequest, reply: FastifyReply, token: string, { expiresAt }: Pick<Session, 'expiresAt'>): void {
    reply.setCookie(SESSION_COOKIE, token, { ...this.#attributes(request), expires: new Date(expiresAt) });
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    reply.clearCookie(SESSION_COOKIE, this.#attributes(request));
  }

  /** Secure if people reach Parley by https: by the public URL, by TLS here, or by what a trusted proxy says. */
  #attributes(request: FastifyRequest): CookieSerializeOptions {
    const secure = this.#config.publicUrl?.startsWith('https:') === true || request.protocol === 'https';
    return { httpOnly: true, sameSite: 'lax', path: '/', secure };
  }
}
