import { ForbiddenException, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { LOGGER, type Logger } from '@parley/platform';
import type { FastifyRequest } from 'fastify';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway-config.ts';
import { judgeOrigin, originFacts } from './origin-rule.ts';

const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Holds every request that changes something to the rule of origins. */
@Injectable()
export class OriginGuard implements CanActivate {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Throws ForbiddenException. */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (context.getType() !== 'http' || CHANGES_NOTHING.has(request.method)) return true;
    const verdict = judgeOrigin(originFacts(request.headers), this.config);
    if (verdict.allowed) return true;
    this.logger.warn({ origin: request.headers.origin }, verdict.reason);
    throw new ForbiddenException(verdict.reason);
  }
}
