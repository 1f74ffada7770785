import { readFileSync } from 'node:fs';
import fastifyCookie from '@fastify/cookie';
import fastifyMultipart from '@fastify/multipart';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { listenError, NestPinoLogger, PUBLIC_SETTINGS, type Logger } from '@parley/platform';
import { LIMITS } from '@parley/protocol';
import type { Registry } from 'prom-client';
import { ChatGateway } from './connection/chat.gateway.ts';
import { Handshake } from './connection/handshake.ts';
import { ParleyWsAdapter } from './connection/parley-ws.adapter.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { sendFrameworkError } from './http/problem.filter.ts';
import { serveWebApp } from './http/web-app.ts';
import { watchConnections } from './metrics.ts';

export interface PublicServerOptions {
  /** The root module; it imports GatewayModule. */
  readonly module: DynamicModule;
  readonly config: GatewayConfig;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Paths of PEM files; with them the server speaks https. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly registry: Registry;
  readonly logger: Logger;
}

/** Serves the web app, the HTTP API and WebSockets to browsers. */
export interface PublicServer {
  readonly port: number;
  /** Rejects new connections, closes the open ones with 1012 over drainSeconds, then closes the application. */
  readonly close: () => Promise<void>;
}

/** Starts the application and listens. Rejects, with a message that says what to do, when it cannot listen. */
export async function startPublicServer(options: PublicServerOptions): Promise<PublicServer> {
  const { module, config, host, port, tls, registry, logger } = options;
  const adapter = new FastifyAdapter({
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    bodyLimit: LIMITS.frameBytes,
    frameworkErrors: sendFrameworkError,
    ...(tls === undefined ? {} : { https: { cert: readFileSync(tls.cert), key: readFileSync(tls.key) } }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    // The caller reports errors of the start, which are thrown.
    logger: false,
    abortOnError: false,
  });
  const gateway = app.get(ChatGateway, { strict: false });
  watchConnections(registry, () => gateway.count);
  app.useWebSocketAdapter(new ParleyWsAdapter(app, app.get(Handshake, { strict: false }), logger));
  await app.register(fastifyCookie);
  await app.register(fastifyMultipart, { limits: { fileSize: LIMITS.attachmentBytes, files: 1, parts: 1 } });
  await serveWebApp(app.getHttpAdapter().getInstance(), config.webDir);
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw listenError(error, { host, port, settings: PUBLIC_SETTINGS });
  }
  app.useLogger(new NestPinoLogger(logger));
  const address = app.getHttpServer().address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => app.close(),
  };
}
