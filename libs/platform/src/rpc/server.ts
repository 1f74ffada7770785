import { createHash, timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import { ParleyError } from '@parley/contracts';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { PUBLIC_SETTINGS } from '../service/listen-error.ts';
import { listenOn, type ListeningServer } from '../service/listening-server.ts';
import type { Logger } from '../logger.ts';
import { traced } from '../tracing.ts';
import {
  BINARY,
  decodeFields,
  encodeFields,
  FIELDS_HEADER,
  RPC_ERROR_STATUS,
  RPC_PATH,
  type RpcErrorBody,
} from './wire.ts';

/** A batch of 64 rooms with long messages; the gateway has checked every size. */
const BODY_BYTES = 32 * 1024 * 1024;
/** Longer than a client keeps an idle connection, so that it never writes to one that the server is closing. */
const KEEP_ALIVE_MS = 75_000;

/**
 * An API whose methods take one JSON value and answer with one or with nothing. A field `content` may hold bytes, a
 * Uint8Array in a request or a Readable in an answer; they travel unencoded.
 */
export type Procedures<Api> = { readonly [Name in keyof Api]: (request: never) => Promise<unknown> };

export interface RpcServerOptions<Api> {
  readonly api: Api;
  /** The only methods that can be called. */
  readonly methods: readonly (keyof Api & string)[];
  readonly token: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly logger: Logger;
}

/**
 * Serves the methods to other processes that know the token. `close` answers the calls that have arrived and refuses
 * later ones so that clients call another replica. Rejects when the port is taken.
 */
export async function startRpcServer<Api extends Procedures<Api>>(
  options: RpcServerOptions<Api>,
): Promise<ListeningServer> {
  const { api, logger } = options;
  const isToken = tokenCheck(options.token);
  const server = fastify({ bodyLimit: BODY_BYTES, keepAliveTimeout: KEEP_ALIVE_MS });

  server.addContentTypeParser(BINARY, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.addHook('onRequest', async (request, reply) => {
    if (isToken(request.headers.authorization)) return;
    logger.warn({ from: request.ip }, 'Refused a caller with another PARLEY_INTERNAL_TOKEN.');
    await reply.code(401).send();
  });
  for (const method of options.methods) {
    server.post(`${RPC_PATH}${method}`, async (request, reply) => {
      try {
        // The token proves that the caller is one of our services; the shared types describe its request.
        const answer = await traced({ name: `rpc ${method}`, kind: 'server', from: request.headers }, () =>
          api[method](readRequest(request) as never),
        );
        return await sendAnswer(reply, answer);
      } catch (error) {
        if (!(error instanceof ParleyError))
          logger.error({ err: error, method }, 'A call from another service failed.');
        return await reply.code(RPC_ERROR_STATUS).send({ error: toParleyError(error).toWire() } satisfies RpcErrorBody);
      }
    });
  }
  const { host, port } = options;
  return listenOn(server, { host, port, settings: PUBLIC_SETTINGS });
}

function readRequest({ headers, body }: FastifyRequest): unknown {
  return Buffer.isBuffer(body) ? { ...decodeFields(headers[FIELDS_HEADER]), content: body } : body;
}

function sendAnswer(reply: FastifyReply, answer: unknown): FastifyReply {
  if (answer === undefined) return reply.code(204).send();
  if (!isBinary(answer)) return reply.send(answer);
  const { content, ...fields } = answer;
  return reply.header(FIELDS_HEADER, encodeFields(fields)).type(BINARY).send(content);
}

const isBinary = (answer: unknown): answer is { readonly content: Readable } =>
  typeof answer === 'object' && answer !== null && 'content' in answer && answer.content instanceof Readable;

const toParleyError = (error: unknown): ParleyError =>
  error instanceof ParleyError ? error : new ParleyError('internal', 'Something went wrong on the server. Try again.');

/** Compares digests, so that neither timing nor length reveals anything about the token. */
function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${token}`);
  return (authorization = '') => timingSafeEqual(digest(authorization), expected);
}
