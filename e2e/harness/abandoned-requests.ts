import { connect } from 'node:net';
import { USER_HEADER, type AttachmentBody } from '@parley/protocol';
import { signUp, type SignedUp } from '@parley/testing';
import { noisePng } from './images.ts';

/** What a client does with a connection before it resets it. */
export interface AbandonedRequest {
  readonly title: string;
  readonly bytes: Buffer;
  /** When the client resets the connection. `answer`: after the first bytes of the answer. */
  readonly resetAfter: 'write' | 'answer';
}

/** A user's session, and two attachments of theirs: one that fits into a packet, and one of megabytes. */
export interface AbandoningUser {
  readonly cookie: string;
  readonly userId: string;
  readonly smallId: string;
  readonly largeId: string;
}

export async function signUpAbandoningUser(url: string): Promise<AbandoningUser> {
  const account = await signUp(url);
  const smallId = await upload(url, account, noisePng(3, 2));
  const largeId = await upload(url, account, noisePng(900, 900));
  return { cookie: account.cookie, userId: account.user.userId, smallId, largeId };
}

async function upload(url: string, { cookie, user }: SignedUp, png: Buffer): Promise<string> {
  const body = new FormData();
  body.set('file', new Blob([new Uint8Array(png)], { type: 'image/png' }), 'noise.png');
  const headers = { cookie, [USER_HEADER]: user.userId, origin: new URL(url).origin };
  const response = await fetch(`${url}/api/attachments`, { method: 'POST', headers, body });
  if (response.status !== 201) throw new Error(`The upload was answered with ${response.status}.`);
  return ((await response.json()) as AttachmentBody).attachment.attachmentId;
}

const BOUNDARY = 'parley-boundary';

const requestBytes = (line: string, headers: Readonly<Record<string, string>>, body: Buffer | string = ''): Buffer =>
  Buffer.concat([
    Buffer.from(
      [`${line} HTTP/1.1`, 'Host: 127.0.0.1', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]
        .concat('', '')
        .join('\r\n'),
    ),
    Buffer.from(body),
  ]);

const abandoned = (
  title: string,
  bytes: Buffer,
  resetAfter: AbandonedRequest['resetAfter'] = 'write',
): AbandonedRequest => ({ title, bytes, resetAfter });

/** Requests at a gateway that their client abandons half-way, or that the gateway answers before it has read them. */
export function requestsAtGateway({ cookie, userId, smallId, largeId }: AbandoningUser): AbandonedRequest[] {
  const session = { cookie };
  const uploadHeaders = (length: number): Record<string, string> => ({
    ...session,
    [USER_HEADER]: userId,
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'content-length': String(length),
  });
  const part = (field: string): string =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`;
  const upgrade = { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13' };
  const key = { 'sec-websocket-key': Buffer.alloc(16).toString('base64') };
  const images = [smallId, `${smallId}/thumbnail`, largeId, `${largeId}/thumbnail`];
  const etagOf = (path: string): string => `"${path.replace('/', '-')}${path.includes('/') ? '' : '-image'}"`;
  const downloads = images.flatMap((path) =>
    (['write', 'answer'] as const).flatMap((resetAfter) => [
      abandoned(`GET ${path}`, requestBytes(`GET /api/attachments/${path}`, session), resetAfter),
      abandoned(
        `GET ${path}, conditional`,
        requestBytes(`GET /api/attachments/${path}`, { ...session, 'if-none-match': etagOf(path) }),
        resetAfter,
      ),
      abandoned(
        `GET ${path}, part`,
        requestBytes(`GET /api/attachments/${path}`, { ...session, range: 'bytes=0-9' }),
        resetAfter,
      ),
      abandoned(`HEAD ${path}`, requestBytes(`HEAD /api/attachments/${path}`, session), resetAfter),
    ]),
  );
  const json = { 'content-type': 'application/json', 'content-length': '200' };
  return [
    ...downloads,
    abandoned('half of a request line', Buffer.from('GET /api/at')),
    abandoned('no HTTP', Buffer.from('\u0016\u0003\u0001 nonsense\r\n\r\n'), 'answer'),
    abandoned('a broken percent-encoding', requestBytes('GET /%zz', session), 'answer'),
    abandoned('half of a JSON body', requestBytes('POST /api/sessions', json, '{"email":')),
    abandoned('half of an upload', requestBytes('POST /api/attachments', uploadHeaders(9_000_000), part('file'))),
    abandoned(
      'half of an upload in another field',
      requestBytes('POST /api/attachments', uploadHeaders(9_000_000), part('other') + 'x'.repeat(100_000)),
    ),
    abandoned(
      'half of an upload without a session',
      requestBytes(
        'POST /api/attachments',
        { ...uploadHeaders(9_000_000), cookie: '' },
        part('file') + 'x'.repeat(100_000),
      ),
      'answer',
    ),
    abandoned(
      'an upload that is too large',
      requestBytes('POST /api/attachments', uploadHeaders(12_000_000), part('file') + 'x'.repeat(11_000_000)),
    ),
    abandoned('a page', requestBytes('GET /', {}), 'answer'),
    abandoned('a handshake', requestBytes('GET /ws', { ...session, ...upgrade, ...key })),
    abandoned('a handshake that is accepted', requestBytes('GET /ws', { ...session, ...upgrade, ...key }), 'answer'),
    abandoned('a handshake without a session', requestBytes('GET /ws', { ...upgrade, ...key }), 'answer'),
    abandoned('a handshake without a key', requestBytes('GET /ws', { ...session, ...upgrade }), 'answer'),
    abandoned(
      'a handshake from a foreign page',
      requestBytes('GET /ws', { ...session, ...upgrade, ...key, origin: 'http://elsewhere.example' }),
      'answer',
    ),
    abandoned('an upgrade of another path', requestBytes('GET /api/me', { ...session, ...upgrade, ...key })),
  ];
}

/** The same at the RPC port of a service; `calls` are methods with a body that the service can answer. */
export function requestsAtService(
  token: string,
  calls: readonly { readonly method: string; readonly body: string }[],
): AbandonedRequest[] {
  const headers = (length: number): Record<string, string> => ({
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': String(length),
  });
  return [
    ...calls.flatMap(({ method, body }) =>
      (['write', 'answer'] as const).map((resetAfter) =>
        abandoned(
          `${method}, ${resetAfter}`,
          requestBytes(`POST /rpc/${method}`, headers(body.length), body),
          resetAfter,
        ),
      ),
    ),
    ...calls.flatMap(({ method, body }) => [
      abandoned(`half of ${method}`, requestBytes(`POST /rpc/${method}`, headers(body.length + 100), body)),
      abandoned(
        `${method} without a token`,
        requestBytes(`POST /rpc/${method}`, { 'content-length': '9' }, body),
        'answer',
      ),
    ]),
    abandoned('no JSON', requestBytes('POST /rpc/getHeads', headers(3), '{{{'), 'answer'),
    abandoned('an unknown method', requestBytes('POST /rpc/no', headers(2), '{}'), 'answer'),
    abandoned('half of a request line', Buffer.from('POST /rp')),
  ];
}

/** The same at a management port. */
export const requestsAtManagement = (): AbandonedRequest[] =>
  ['/healthz', '/readyz', '/metrics'].flatMap((path) => [
    abandoned(path, requestBytes(`GET ${path}`, {})),
    abandoned(path, requestBytes(`GET ${path}`, {}), 'answer'),
  ]);

/**
 * Makes the request on a connection of its own and resets it; resolves when the connection is closed.
 * @param signal resets it without an answer
 */
export function abandon(port: number, { bytes, resetAfter }: AbandonedRequest, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      if (resetAfter === 'write') socket.write(bytes, () => socket.resetAndDestroy());
      else socket.write(bytes);
    });
    const reset = (): void => void socket.resetAndDestroy();
    signal?.addEventListener('abort', reset);
    socket.once('data', reset);
    // The server may be the one that ends the connection.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      signal?.removeEventListener('abort', reset);
      resolve();
    });
  });
}
