import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SESSION_COOKIE, type MessageId, type RoomId } from '@parley/protocol';
import { ProtocolClient, UpgradeRefusedError } from '@parley/testing';
import { DiagnosedFault, check, type Check } from './check.ts';
import { checkCookie } from './cookie.ts';
import { CLAIMED_ADDRESS, isPrivate, checkClientAddress, type Diagnosis } from './client-address.ts';

/** A slower event did not come over the bus: gateways repair gaps every 30 s. */
const ROUND_TRIP_MS = 5_000;
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export interface DiagnoseOptions {
  /** The account to use. Without it, the doctor creates one. */
  readonly account?: { readonly email: string; readonly password: string };
  readonly roundTripMs?: number;
}

/** Checks a Parley at its public address, as a browser uses it. Stops when the next check is impossible. */
export async function* diagnose(url: URL, options: DiagnoseOptions = {}): AsyncGenerator<Check> {
  const examination = new Examination(url, options);
  try {
    for (const { name, run, otherwise, vital = false } of examination.steps()) {
      const outcome = await check(name, run, otherwise);
      yield outcome;
      if (!outcome.ok && vital) return;
    }
  } finally {
    await examination.end();
  }
}

interface Step {
  readonly name: string;
  readonly run: () => Promise<string>;
  /** The remedy for any error that is not a DiagnosedFault. */
  readonly otherwise: string;
  /** The later steps need this one. */
  readonly vital?: boolean;
}

class Examination {
  readonly #url: URL;
  readonly #options: DiagnoseOptions;
  readonly #clients: ProtocolClient[] = [];
  #setCookie = '';
  #roomId: RoomId | undefined;
  #isSignedIn = false;

  constructor(url: URL, options: DiagnoseOptions) {
    this.#url = url;
    this.#options = options;
  }

  steps(): readonly Step[] {
    const logs = 'Read the logs of the gateways and of the proxies in front of them.';
    return [
      {
        name: 'address',
        run: () => this.#loadPage(),
        otherwise: 'Check the name, the port and the certificate, and that Parley is running.',
      },
      { name: 'origin', run: () => this.#signIn(), otherwise: logs, vital: true },
      {
        name: 'foreign origin',
        run: () => this.#tryForeignOrigin(),
        otherwise: 'Let the proxy forward the Origin header unchanged.',
      },
      {
        name: 'cookie',
        run: async () => checkCookie(this.#setCookie, this.#url.protocol),
        otherwise: 'Set PARLEY_PUBLIC_URL to the public address, and let the proxy forward Set-Cookie unchanged.',
      },
      { name: 'client address', run: () => this.#checkAddress(), otherwise: logs },
      {
        name: 'upgrade',
        run: () => this.#connect(),
        otherwise: 'Let the proxy forward WebSocket upgrades of /ws, over HTTP/1.1.',
        vital: true,
      },
      {
        name: 'majority write',
        run: () => this.#write(),
        otherwise:
          'A majority of the MongoDB replica set must be up and accept writes (in one process: the disk): read the logs ' +
          'of the room and message services.',
        vital: true,
      },
      {
        name: 'publish round trip',
        run: () => this.#publish(),
        otherwise:
          'Gateways and message services must reach the same Redis (PARLEY_REDIS_URL): look for warnings about it in their logs.',
      },
    ];
  }

  async end(): Promise<void> {
    const [client] = this.#clients;
    if (client && this.#roomId) await client.command('leave_room', { roomId: this.#roomId }).catch(() => undefined);
    await Promise.all(this.#clients.map((one) => one.close()));
    if (this.#isSignedIn) await this.#fetch('/api/sessions/current', { method: 'DELETE' }).catch(() => undefined);
  }

  async #loadPage(): Promise<string> {
    const isSecure = this.#url.protocol === 'https:' || LOCAL_NAMES.includes(this.#url.hostname);
    const response = await this.#fetch('/');
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || !type.includes('text/html')) {
      throw new DiagnosedFault(
        `${this.#url.origin}/ answers ${response.status} (${type}) instead of Parley's page.`,
        'Let the proxy forward all paths to the gateways.',
      );
    }
    if (!isSecure) {
      throw new DiagnosedFault(
        'Browsers use Parley over plain http only on localhost.',
        'Serve it over https: with a proxy and PARLEY_PUBLIC_URL, or with PARLEY_TLS_CERT and PARLEY_TLS_KEY.',
      );
    }
    return `${this.#url.origin} serves Parley`;
  }

  async #signIn(): Promise<string> {
    const { account } = this.#options;
    const made = { email: `doctor-${randomUUID()}@parley.invalid`, password: randomUUID(), displayName: 'Doctor' };
    const response = await this.#post(account ? '/api/sessions' : '/api/accounts', account ?? made);
    if (response.status === 403) {
      throw new DiagnosedFault(
        `The Origin ${this.#url.origin} is refused.`,
        `Set PARLEY_PUBLIC_URL=${this.#url.origin}, or let the proxy forward the Host header unchanged.`,
      );
    }
    if (response.status === 429) {
      throw new DiagnosedFault(
        'There are too many sign-ups or log-ins from this address.',
        'Wait, or give an account with --email and --password.',
      );
    }
    if (response.status !== 201) {
      throw new DiagnosedFault(
        `The sign-in was answered with ${response.status}: ${(await response.text()).slice(0, 200)}`,
        'Check /readyz, and read the logs of the gateways and room services.',
      );
    }
    this.#setCookie = response.headers.getSetCookie().find((one) => one.startsWith(`${SESSION_COOKIE}=`)) ?? '';
    this.#isSignedIn = true;
    return `requests from ${this.#url.origin} are accepted`;
  }

  async #tryForeignOrigin(): Promise<string> {
    const response = await this.#post('/api/sessions', { email: '', password: '' }, 'https://elsewhere.invalid');
    if (response.status !== 403)
      throw new Error(`A request from another website was answered with ${response.status}.`);
    return 'requests from other websites are refused';
  }

  async #checkAddress(): Promise<string> {
    const response = await this.#fetch('/api/diagnosis', { headers: { 'x-forwarded-for': CLAIMED_ADDRESS } });
    if (!response.ok) throw new Error(`/api/diagnosis answers ${response.status}.`);
    return checkClientAddress((await response.json()) as Diagnosis, isLocal(this.#url));
  }

  async #connect(): Promise<string> {
    const wsUrl = `${this.#url.origin.replace(/^http/, 'ws')}/ws`;
    while (this.#clients.length < 2) {
      try {
        this.#clients.push(await ProtocolClient.connect(wsUrl, { cookie: this.#cookie, origin: this.#url.origin }));
      } catch (error) {
        if (!(error instanceof UpgradeRefusedError)) throw error;
        throw new DiagnosedFault(error.message, remedyOfStatus(error.status, this.#url.origin));
      }
    }
    for (const client of this.#clients) await client.command('create_connection', { protocol: 1 });
    return 'two WebSockets are open';
  }

  async #write(): Promise<string> {
    const [sender] = this.#clients;
    this.#roomId = randomUUID() as RoomId;
    const before = performance.now();
    await sender?.command('create_room', { roomId: this.#roomId, memberIds: [], name: 'Doctor' });
    await sender?.command('create_message', message(this.#roomId));
    return `a room and a message were stored in ${Math.round(performance.now() - before)} ms`;
  }

  async #publish(): Promise<string> {
    const [sender, listener] = this.#clients;
    const roomId = this.#roomId;
    if (!sender || !listener || !roomId) throw new Error('There are no two connections.');
    const sent = message(roomId);
    const before = performance.now();
    const received = listener.waitFor(
      (item) => 'seq' in item && item.event === 'message_created' && item.data.message.messageId === sent.messageId,
    );
    await sender.command('create_message', sent);
    const timeoutMs = this.#options.roundTripMs ?? ROUND_TRIP_MS;
    const late = new AbortController();
    const inTime = await Promise.race([received, delay(timeoutMs, undefined, { signal: late.signal })]);
    late.abort();
    if (inTime === undefined)
      throw new Error(`A stored message did not reach another connection within ${timeoutMs} ms.`);
    return `a message reached another connection in ${Math.round(performance.now() - before)} ms`;
  }

  #post(path: string, body: object, origin = this.#url.origin): Promise<Response> {
    const headers = { 'content-type': 'application/json', origin };
    return this.#fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  #fetch(path: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
    const sent = new Headers(headers);
    if (!sent.has('origin')) sent.set('origin', this.#url.origin);
    if (this.#isSignedIn) sent.set('cookie', this.#cookie);
    return fetch(new URL(path, this.#url), { ...init, headers: sent, redirect: 'manual' });
  }

  get #cookie(): string {
    return this.#setCookie.split(';')[0] ?? '';
  }
}

/** In a private network, the addresses of clients are as private as that of a proxy. */
const isLocal = ({ hostname }: URL): boolean => LOCAL_NAMES.includes(hostname) || isPrivate(hostname);

const message = (roomId: RoomId) => ({ roomId, messageId: randomUUID() as MessageId, text: 'Test message' });

function remedyOfStatus(status: number, origin: string): string {
  switch (status) {
    case 401:
      return 'Let the proxy forward the Cookie header of /ws.';
    case 403:
      return `Set PARLEY_PUBLIC_URL=${origin}, or let the proxy forward Host and Origin of /ws unchanged.`;
    case 429:
      return 'Raise PARLEY_LIMIT_CONNECTIONS_PER_USER, or give another account.';
    default:
      return 'Let the proxy forward WebSocket upgrades of /ws, over HTTP/1.1, with the headers Upgrade and Connection.';
  }
}
