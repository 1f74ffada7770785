import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ParleyError } from '@parley/contracts';
import { LOGGER, type Logger } from '@parley/platform';
import { HTTP_STATUS, type ErrorCode, type ProblemDetails } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';

/** Answers every HTTP error with a problem document (RFC 9457) that has the wire's code. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(@Inject(LOGGER) logger: Logger) {
    this.#logger = logger;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const problem = toProblem(error);
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    if (problem.code === 'internal') {
      // The route, not the path: paths may contain invitation tokens.
      const { id, method, routeOptions } = http.getRequest<FastifyRequest>();
      this.#logger.error({ err: error, requestId: id, method, route: routeOptions.url }, 'A request failed.');
    }
    sendProblem(reply, problem);
  }
}

/** Answers a request that fails before it reaches Nest, such as one whose path is not percent-encoded correctly. */
export const sendFrameworkError = (error: unknown, _request: unknown, reply: FastifyReply): void =>
  sendProblem(reply, toProblem(error));

function sendProblem(reply: FastifyReply, problem: ProblemDetails): void {
  if (problem.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(problem.retryAfterMs / 1_000));
  void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

function toProblem(error: unknown): ProblemDetails {
  if (error instanceof ParleyError) {
    const { code, message, retryAfterMs } = error;
    return { ...describe(HTTP_STATUS[code], code, message), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  const status = statusOf(error);
  if (status >= 500 || !(error instanceof Error)) {
    return describe(HTTP_STATUS.internal, 'internal', 'Something went wrong in Parley. Try again.');
  }
  return describe(status, codeOf(status), error.message);
}

function describe(status: number, code: ErrorCode, detail: string): ProblemDetails {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
}

/** The status of an exception of Nest or an error of Fastify. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status: unknown = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : HTTP_STATUS.internal;
}

function codeOf(status: number): ErrorCode {
  if (status === HTTP_STATUS.not_found) return 'not_found';
  if (status === HTTP_STATUS.too_large) return 'too_large';
  return 'invalid';
}
