import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SESSION_COOKIE, type MessageId, type RoomId } from '@parley/protocol';
import { ProtocolClient, UpgradeRefusedError } from '@parley/testing';
import { Ailment, check, type Check } from './check.ts';
import { judgeCookie } from './cookie.ts';
import { CLAIMED_ADDRESS, isPrivate, judgeAddress, type Diagnosis } from './client-address.ts';

/** An event that took longer was not brought by the bus: gateways repair at intervals of 30 s. */
const ROUND_TRIP_MS = 5_000;
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export interface DiagnoseOptions {
  /** Of an account to use; without it one is made. */
  readonly account?: { readonly email: string; readonly password: string };
  readonly roundTripMs?: number;
}

/** Looks at a Parley as a browser would, by its public address. Stops where the next check cannot be made. */
export async function* diagnose(url: URL, options: DiagnoseOptions = {}): AsyncGenerator<Check> {
  const patient = new Patient(url, options);
  try {
    for (const { name, look, otherwise, vital = false } of patient.looks()) {
      const outcome = await check(name, look, otherwise);
      yield outcome;
      if (!outcome.ok && vital) return;
    }
  } finally {
    await patient.leave();
  }
}

interface Look {
  readonly name: string;
  readonly look: () => Promise<string>;
  /** The remedy of what it does not foresee. */
  readonly otherwise: string;
  /** Without it the following ones cannot be made. */
  readonly vital?: boolean;
}

class Patient {
  readonly #url: URL;
  readonly #options: DiagnoseOptions;
  readonly #clients: ProtocolClient[] = [];
  #setCookie = '';
  #roomId: RoomId | undefined;
  #entered = false;

  constructor(url: URL, options: DiagnoseOptions) {
    this.#url = url;
    this.#options = options;
  }

  looks(): readonly Look[] {
    const logs = 'Look into the logs of the gateways and of what stands in front of them.';
    return [
      {
        name: 'address',
        look: () => this.#reach(),
        otherwise: 'Check the name, the port, the certificate, and that Parley runs.',
      },
      { name: 'origin', look: () => this.#signIn(), otherwise: logs, vital: true },
      {
        name: 'foreign origin',
        look: () => this.#refuseForeign(),
        otherwise: 'Let the proxy pass the Origin header on as it is.',
      },
      {
        name: 'cookie',
        look: async () => judgeCookie(this.#setCookie, this.#url.protocol),
        otherwise: 'Set PARLEY_PUBLIC_URL to the address that people use, and let the proxy leave Set-Cookie alone.',
      },
      { name: 'client address', look: () => this.#judgeAddress(), otherwise: logs },
      {
        name: 'upgrade',
        look: () => this.#connect(),
        otherwise: 'Let the proxy pass WebSocket upgrades of /ws on, over HTTP/1.1.',
        vital: true,
      },
      {
        name: 'majority write',
        look: () => this.#write(),
        otherwise:
          'A majority of the MongoDB replica set must be up and take writes (in one process: the disk): see the logs of ' +
          'the room and message services.',
        vital: true,
      },
      {
        name: 'publish round trip',
        look: () => this.#hear(),
        otherwise:
          'Gateways and message services must reach the same Redis (PARLEY_REDIS_URL): look for warnings that name it.',
      },
    ];
  }

  async leave(): Promise<void> {
    const [client] = this.#clients;
    if (client && this.#roomId) await client.command('leave_room', { roomId: this.#roomId }).catch(() => undefined);
    await Promise.all(this.#clients.map((one) => one.close()));
    if (this.#entered) await this.#fetch('/api/sessions/current', { method: 'DELETE' }).catch(() => undefined);
  }

  async #reach(): Promise<string> {
    const isSecure = this.#url.protocol === 'https:' || LOCAL_NAMES.includes(this.#url.hostname);
    const response = await this.#fetch('/');
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || !type.includes('text/html')) {
      throw new Ailment(
        `${this.#url.origin}/ answers ${response.status} (${type}), not with Parley's page.`,
        'Let the proxy pass all paths on to the gateways.',
      );
    }
    if (!isSecure) {
      throw new Ailment(
        'Over plain http browsers use Parley on localhost only.',
        'Serve it by https: with a proxy and PARLEY_PUBLIC_URL, or with PARLEY_TLS_CERT and PARLEY_TLS_KEY.',
      );
    }
    return `${this.#url.origin} serves Parley`;
  }

  async #signIn(): Promise<string> {
    const { account } = this.#options;
    const made = { email: `doctor-${randomUUID()}@parley.invalid`, password: randomUUID(), displayName: 'Doctor' };
    const response = await this.#post(account ? '/api/sessions' : '/api/accounts', account ?? made);
    if (response.status === 403) {
      throw new Ailment(
        `The Origin ${this.#url.origin} is refused.`,
        `Set PARLEY_PUBLIC_URL=${this.#url.origin}, or let the proxy pass the Host header on as it is.`,
      );
    }
    if (response.status === 429) {
      throw new Ailment(
        'There are too many sign-ups or log-ins from this address.',
        'Wait, or name an account with --email and --password.',
      );
    }
    if (response.status !== 201) {
      throw new Ailment(
        `Signing in is answered with ${response.status}: ${(await response.text()).slice(0, 200)}`,
        'Look at /readyz and into the logs of the gateways and room services.',
      );
    }
    this.#setCookie = response.headers.getSetCookie().find((one) => one.startsWith(`${SESSION_COOKIE}=`)) ?? '';
    this.#entered = true;
    return `requests from ${this.#url.origin} are let in`;
  }

  async #refuseForeign(): Promise<string> {
    const response = await this.#post('/api/sessions', { email: '', password: '' }, 'https://elsewhere.invalid');
    if (response.status !== 403) throw new Error(`A request of another website was answered with ${response.status}.`);
    return 'requests of other websites are refused';
  }

  async #judgeAddress(): Promise<string> {
    const response = await this.#fetch('/api/diagnosis', { headers: { 'x-forwarded-for': CLAIMED_ADDRESS } });
    if (!response.ok) throw new Error(`/api/diagnosis answers ${response.status}.`);
    return judgeAddress((await response.json()) as Diagnosis, isLocal(this.#url));
  }

  async #connect(): Promise<string> {
    const wsUrl = `${this.#url.origin.replace(/^http/, 'ws')}/ws`;
    while (this.#clients.length < 2) {
      try {
        this.#clients.push(await ProtocolClient.connect(wsUrl, { cookie: this.#cookie, origin: this.#url.origin }));
      } catch (error) {
        if (!(error instanceof UpgradeRefusedError)) throw error;
        throw new Ailment(error.message, remedyOfStatus(error.status, this.#url.origin));
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

  async #hear(): Promise<string> {
    const [sender, listener] = this.#clients;
    const roomId = this.#roomId;
    if (!sender || !listener || !roomId) throw new Error('There is nobody to hear anything.');
    const sent = message(roomId);
    const before = performance.now();
    const heard = listener.waitFor(
      (item) => 'seq' in item && item.event === 'message_created' && item.data.message.messageId === sent.messageId,
    );
    await sender.command('create_message', sent);
    const patience = this.#options.roundTripMs ?? ROUND_TRIP_MS;
    const late = new AbortController();
    const inTime = await Promise.race([heard, delay(patience, undefined, { signal: late.signal })]);
    late.abort();
    if (inTime === undefined)
      throw new Error(`A stored message did not reach another connection within ${patience} ms.`);
    return `a message reached another connection in ${Math.round(performance.now() - before)} ms`;
  }

  #post(path: string, body: object, origin = this.#url.origin): Promise<Response> {
    const headers = { 'content-type': 'application/json', origin };
    return this.#fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  #fetch(path: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
    const sent = new Headers(headers);
    if (!sent.has('origin')) sent.set('origin', this.#url.origin);
    if (this.#entered) sent.set('cookie', this.#cookie);
    return fetch(new URL(path, this.#url), { ...init, headers: sent, redirect: 'manual' });
  }

  get #cookie(): string {
    return this.#setCookie.split(';')[0] ?? '';
  }
}

/** Within a network of its own people's addresses are as private as a proxy's. */
const isLocal = ({ hostname }: URL): boolean => LOCAL_NAMES.includes(hostname) || isPrivate(hostname);

const message = (roomId: RoomId) => ({ roomId, messageId: randomUUID() as MessageId, text: 'Is this heard?' });

function remedyOfStatus(status: number, origin: string): string {
  switch (status) {
    case 401:
      return 'Let the proxy pass the Cookie header of /ws on.';
    case 403:
      return `Set PARLEY_PUBLIC_URL=${origin}, or let the proxy pass Host and Origin of /ws on as they are.`;
    case 429:
      return 'Raise PARLEY_LIMIT_CONNECTIONS_PER_USER, or name another account.';
    default:
      return 'Let the proxy pass WebSocket upgrades of /ws on, over HTTP/1.1, with the headers Upgrade and Connection.';
  }
}
