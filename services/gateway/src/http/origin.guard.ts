import { ForbiddenException, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { LOGGER, type Logger } from '@parley/platform';
import type { FastifyRequest } from 'fastify';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway-config.ts';
import { checkOrigin, originHeaders } from './origin-check.ts';

const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Rejects requests that change something if their Origin is not allowed. */
@Injectable()
export class OriginGuard implements CanActivate {
  readonly #config: GatewayConfig;
  readonly #logger: Logger;

  constructor(@Inject(GATEWAY_CONFIG) config: GatewayConfig, @Inject(LOGGER) logger: Logger) {
    this.#config = config;
    this.#logger = logger;
  }

  /** Throws ForbiddenException. */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (context.getType() !== 'http' || CHANGES_NOTHING.has(request.method)) return true;
    const verdict = checkOrigin(originHeaders(request.headers), this.#config);
    if (verdict.allowed) return true;
    this.#logger.warn({ origin: request.headers.origin }, verdict.reason);
    throw new ForbiddenException(verdict.reason);
  }
}
