import { PROTOCOL_VERSION } from '@parley/protocol';
import type { Action, ActionData, ActionOk, ConnectionLimits, UserId } from '@parley/protocol';
import { afterClose, backoff, type AfterClose } from '../../domain/backoff.ts';
import type { Cancel, Clock, Random } from '../../domain/clock.ts';
import { ConnectionLost, Refused } from './failures.ts';
import { Link, type OpenSocket, type ServerEvent } from './link.ts';
import type { ConnectionStatus } from '../../domain/connection-status.ts';

/** Whose session the browser holds now; a refused upgrade does not tell. */
export type Session = { readonly kind: 'user'; readonly userId: UserId } | { readonly kind: 'none' | 'unknown' };

export interface ConnectionEnvironment {
  readonly userId: UserId;
  readonly clock: Clock;
  readonly random: Random;
  readonly openSocket: OpenSocket;
  readonly readSession: () => Promise<Session>;
  /** The browser knows that it has no network. */
  readonly isOffline: () => boolean;
}

export interface ConnectionListener {
  status(status: ConnectionStatus, limits: ConnectionLimits | null): void;
  online(answer: ActionOk<'create_connection'>): void;
  events(events: readonly ServerEvent[]): void;
  /** The session is another person's. */
  mismatch(): void;
}

/** idle: nobody needs it. mismatch: the session is another person's, so nothing is sent. */
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly link: Link }
  | { readonly kind: 'online'; readonly link: Link; readonly limits: ConnectionLimits }
  | {
      readonly kind: 'waiting';
      readonly nextTryAt: number;
      readonly reason: 'offline' | 'unreachable' | 'restart';
      readonly cancel: Cancel;
    }
  | { readonly kind: 'ended' | 'outdated' | 'mismatch' };

/** The one connection: opens sockets, says who it is, comes back after every loss until told to stop. */
export class Connection {
  readonly #environment: ConnectionEnvironment;
  readonly #listener: ConnectionListener;
  #state: State = { kind: 'idle' };
  #failures = 0;
  #whenOnline: (() => void)[] = [];
  #whenOffline: (() => void)[] = [];

  constructor(environment: ConnectionEnvironment, listener: ConnectionListener) {
    this.#environment = environment;
    this.#listener = listener;
  }

  get isOnline(): boolean {
    return this.#state.kind === 'online';
  }

  /** When the server last said something on the present socket. */
  get receivedAt(): number {
    return this.#state.kind === 'online' ? this.#state.link.receivedAt : 0;
  }

  get limits(): ConnectionLimits | null {
    return this.#state.kind === 'online' ? this.#state.limits : null;
  }

  get status(): ConnectionStatus {
    const state = this.#state;
    switch (state.kind) {
      case 'online':
      case 'ended':
      case 'outdated':
        return { status: state.kind };
      case 'waiting':
        return { status: 'waiting', nextTryAt: state.nextTryAt, reason: state.reason };
      case 'idle':
      case 'connecting':
      case 'mismatch':
        return { status: 'connecting' };
    }
  }

  /** Connects if nothing is under way; also after a final close, for the person may have signed in again. */
  start(): void {
    const { kind } = this.#state;
    if (kind !== 'connecting' && kind !== 'online' && kind !== 'waiting') this.#connect();
  }

  /** Closes for good, until started again. */
  stop(): void {
    const state = this.#state;
    this.#enter({ kind: 'idle' });
    if (state.kind === 'waiting') state.cancel();
    if (state.kind === 'connecting' || state.kind === 'online') state.link.drop();
  }

  /** Something promises success (network back, page looked at, a click): tries at once, or looks whether it lives. */
  tryNow(): void {
    const state = this.#state;
    if (state.kind === 'waiting') {
      state.cancel();
      this.#connect();
    } else if (state.kind === 'online' || state.kind === 'connecting') state.link.check();
  }

  /** Rejects with Refused, or with ConnectionLost when there is no connection or it goes before the answer. */
  request<A extends Action>(action: A, data: ActionData<A>): Promise<ActionOk<A>> {
    if (this.#state.kind !== 'online') return Promise.reject(new ConnectionLost());
    return this.#state.link.request(action, data);
  }

  /** Resolves at once if online, else the next time it is. */
  whenOnline(): Promise<void> {
    if (this.isOnline) return Promise.resolve();
    return new Promise((resolve) => this.#whenOnline.push(resolve));
  }

  /** Resolves at once unless online, else when it is so no more. */
  whenOffline(): Promise<void> {
    if (!this.isOnline) return Promise.resolve();
    return new Promise((resolve) => this.#whenOffline.push(resolve));
  }

  #connect(): void {
    const { openSocket, clock } = this.#environment;
    const link: Link = new Link(openSocket, clock, {
      opened: () => this.#introduce(link),
      events: (events) => this.#holds(link) && this.#listener.events(events),
      closed: (code, opened) => this.#closed(link, code, opened),
    });
    this.#enter({ kind: 'connecting', link });
  }

  #introduce(link: Link): void {
    const { userId } = this.#environment;
    link.command(
      'create_connection',
      { protocol: PROTOCOL_VERSION, userId },
      (answer) => this.#accepted(link, answer),
      (failure) => failure instanceof Refused && this.#refused(link, failure),
    );
  }

  #accepted(link: Link, answer: ActionOk<'create_connection'>): void {
    if (!this.#holds(link)) return;
    this.#failures = 0;
    link.expectHeartbeats(answer.heartbeatMs);
    this.#enter({ kind: 'online', link, limits: answer.limits });
    this.#listener.online(answer);
    for (const resolve of this.#whenOnline.splice(0)) resolve();
  }

  #refused(link: Link, { error }: Refused): void {
    if (!this.#holds(link)) return;
    if (error.code === 'conflict') this.#mismatch();
    else if (error.code === 'unauthenticated') this.#enter({ kind: 'ended' });
    else this.#wait(Math.max(error.retryAfterMs ?? 0, this.#nextDelay()), 'unreachable');
    link.drop();
  }

  #closed(link: Link, code: number, opened: boolean): void {
    if (!this.#holds(link)) return;
    const next: AfterClose = afterClose(code, this.#failures, this.#environment.random);
    if (next.kind !== 'retry') return this.#enter({ kind: next.kind });
    this.#failures += 1;
    this.#wait(next.delayMs, next.reason);
    if (!opened) void this.#checkSession();
  }

  /** Browsers do not say why an upgrade was refused: the session may have ended, or be someone else's by now. */
  async #checkSession(): Promise<void> {
    const session = await this.#environment.readSession();
    if (this.#state.kind !== 'waiting') return;
    if (session.kind === 'none') {
      this.#state.cancel();
      this.#enter({ kind: 'ended' });
    } else if (session.kind === 'user' && session.userId !== this.#environment.userId) {
      this.#state.cancel();
      this.#mismatch();
    }
  }

  #mismatch(): void {
    this.#enter({ kind: 'mismatch' });
    this.#listener.mismatch();
  }

  #wait(delayMs: number, reason: 'unreachable' | 'restart'): void {
    const { clock, isOffline } = this.#environment;
    this.#enter({
      kind: 'waiting',
      nextTryAt: clock.now() + delayMs,
      reason: isOffline() ? 'offline' : reason,
      cancel: clock.after(delayMs, () => this.#connect()),
    });
  }

  #nextDelay(): number {
    return backoff(this.#failures++, this.#environment.random);
  }

  #holds(link: Link): boolean {
    return (this.#state.kind === 'connecting' || this.#state.kind === 'online') && this.#state.link === link;
  }

  #enter(state: State): void {
    this.#state = state;
    this.#listener.status(this.status, this.limits);
    if (!this.isOnline) for (const resolve of this.#whenOffline.splice(0)) resolve();
  }
}
