import { readFileSync } from 'node:fs';
import fastifyCookie from '@fastify/cookie';
import fastifyMultipart from '@fastify/multipart';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestPinoLogger, type Logger } from '@parley/platform';
import { LIMITS } from '@parley/protocol';
import type { Registry } from 'prom-client';
import { ChatGateway } from './connection/chat.gateway.ts';
import { Handshake } from './connection/handshake.ts';
import { ParleyWsAdapter } from './connection/parley-ws.adapter.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { serveWebApp } from './http/web-app.ts';
import { watchConnections } from './metrics.ts';

export interface DoorOptions {
  /** The root module; it imports GatewayModule. */
  readonly module: DynamicModule;
  readonly config: GatewayConfig;
  readonly host: string;
  readonly port: number;
  /** PEM files; with them it is https. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly registry: Registry;
  readonly logger: Logger;
}

export interface Door {
  readonly port: number;
  /** It lets new connections in. */
  readonly isAccepting: () => boolean;
  /** Closes all connections with 1012 over drainSeconds, and then everything that the module holds. */
  readonly close: () => Promise<void>;
}

/** Starts the application and opens its port to the public. Rejects, saying what to do, when the port cannot be had. */
export async function startDoor({ module, config, host, port, tls, registry, logger }: DoorOptions): Promise<Door> {
  const adapter = new FastifyAdapter({
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    bodyLimit: LIMITS.frameBytes,
    ...(tls === undefined ? {} : { https: { cert: readFileSync(tls.cert), key: readFileSync(tls.key) } }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    // What goes wrong while starting is thrown, and told by whoever starts.
    logger: false,
    abortOnError: false,
  });
  const handshake = app.get(Handshake, { strict: false });
  const gateway = app.get(ChatGateway, { strict: false });
  watchConnections(registry, () => gateway.count);
  app.useWebSocketAdapter(new ParleyWsAdapter(app, handshake, logger));
  await app.register(fastifyCookie);
  await app.register(fastifyMultipart, { limits: { fileSize: LIMITS.attachmentBytes, files: 1, parts: 1 } });
  await serveWebApp(app.getHttpAdapter().getInstance(), config.webDir);
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw new Error(describeListenFault(error, host, port), { cause: error });
  }
  app.useLogger(new NestPinoLogger(logger));
  const address = app.getHttpServer().address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    isAccepting: () => handshake.accepting,
    close: () => app.close(),
  };
}

function describeListenFault(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `The port ${port} is taken: stop what uses it, or set PARLEY_PORT to another one.`;
    case 'EACCES':
      return `This user may not listen on port ${port}: set PARLEY_PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${host}: set PARLEY_HOST to one of its own, or to 0.0.0.0 for all.`;
    default:
      return `Listening on ${host}, port ${port}, failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
