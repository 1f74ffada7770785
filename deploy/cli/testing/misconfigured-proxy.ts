import { createServer, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ProxyMisconfiguration {
  /** Changes the headers of a request to Parley. */
  readonly headers?: (headers: IncomingHttpHeaders) => IncomingHttpHeaders;
  /** The status with which it answers upgrades. */
  readonly refuseUpgrades?: number;
}

export interface MisconfiguredProxy {
  readonly url: string;
  close(): void;
}

/** A reverse proxy with a typical mistake in its configuration. */
export async function startMisconfiguredProxy(
  targetUrl: string,
  { headers = (sent) => sent, refuseUpgrades }: ProxyMisconfiguration = {},
): Promise<MisconfiguredProxy> {
  const pass = (incoming: IncomingMessage) =>
    request(new URL(incoming.url ?? '/', targetUrl), {
      method: incoming.method ?? 'GET',
      headers: headers(incoming.headers),
    });
  const server = createServer((incoming, response) => {
    const outgoing = pass(incoming);
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => {
    if (refuseUpgrades !== undefined) {
      refuse(socket, refuseUpgrades);
      return;
    }
    const outgoing = pass(incoming);
    outgoing.on('upgrade', (answer, upstream) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.pipe(upstream).pipe(socket);
      for (const end of [socket, upstream]) end.on('error', () => socket.destroy());
    });
    outgoing.on('response', ({ statusCode }) => refuse(socket, statusCode ?? 502));
    outgoing.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const refuse = (socket: Duplex, status: number): void =>
  void socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`);
