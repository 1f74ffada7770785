import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Paths that the web app renders. */
const PAGES = ['/', '/rooms/*', '/join/*', '/login', '/signup'];

const IMMUTABLE = 'public, max-age=31536000, immutable';

/** What pages may load and do. Inline styles are allowed, since components are positioned by them; inline scripts are not. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "connect-src 'self' ws: wss:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const NOT_STORED = { 'cache-control': 'no-store' } as const;

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Parley</title>
<h1>The web app is not built</h1>
<p>Parley runs, but there are no pages to show. Run <code>npm run build</code> and start it again,
or set <code>PARLEY_WEB_DIR</code> to the folder of a built web app.</p>
`;

/**
 * Serves the built web app: its files, index.html for each of its pages, and index.html with 404 for other pages.
 * Files that are added after the start are not served.
 */
export async function serveWebApp(server: FastifyInstance, webDir: string): Promise<void> {
  server.addHook('onSend', async (request, reply) => {
    // Headers that a route has set take precedence.
    const defaults = request.url.startsWith('/api/') ? { ...SECURITY_HEADERS, ...NOT_STORED } : SECURITY_HEADERS;
    for (const [name, value] of Object.entries(defaults)) if (!reply.hasHeader(name)) reply.header(name, value);
  });
  if (!existsSync(join(webDir, 'index.html'))) {
    for (const page of PAGES) {
      server.get(page, (_request, reply) => reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT));
    }
    return;
  }
  await server.register(fastifyStatic, {
    root: webDir,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Only files in assets/ have a hash of their content in their name.
      void reply.header('cache-control', path.startsWith(join(webDir, 'assets/')) ? IMMUTABLE : 'no-cache');
    },
  });
  const sendIndex = (_request: unknown, reply: FastifyReply): FastifyReply => reply.sendFile('index.html');
  for (const page of PAGES) server.get(page, sendIndex);
  // Sent from memory: for a file, a conditional request would be answered with 304, without the page.
  const index = readFileSync(join(webDir, 'index.html'));
  server.get('/*', (request, reply) => {
    if (!isForPeople(request)) return reply.callNotFound();
    return reply.code(404).headers(NOT_STORED).type('text/html; charset=utf-8').send(index);
  });
}

/** Whether a browser navigates to the address: then the app shows that the page is missing. */
function isForPeople({ url, headers }: FastifyRequest): boolean {
  return !/^\/(?:api|assets|ws)\b/.test(url) && headers.accept?.includes('text/html') === true;
}
