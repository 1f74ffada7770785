import { PROTOCOL_VERSION } from '@parley/protocol';
import type { Action, ActionData, ActionOk, ConnectionLimits, UserId } from '@parley/protocol';
import { afterClose, backoff, type AfterClose } from '../../domain/backoff.ts';
import type { Cancel, Clock, Random } from '../../domain/clock.ts';
import type { ConnectionEvents } from './engine-events.ts';
import { ConnectionLost, Refused } from './failures.ts';
import { Link, type OpenSocket } from './link.ts';
import type { ConnectionStatus } from '../../domain/connection-status.ts';

/** The user of the browser's session; a refused WebSocket upgrade does not reveal it. */
export type Session = { readonly kind: 'user'; readonly userId: UserId } | { readonly kind: 'none' | 'unknown' };

export interface ConnectionEnvironment {
  readonly userId: UserId;
  readonly clock: Clock;
  readonly random: Random;
  readonly openSocket: OpenSocket;
  readonly readSession: () => Promise<Session>;
  /** The browser reports that it has no network. */
  readonly isOffline: () => boolean;
}

/** idle: no tab needs it. mismatch: the session belongs to another user, so nothing is sent. */
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

/** The engine's connection to the server: opens a socket, introduces itself, and reconnects after every loss until stopped. */
export class ServerConnection {
  readonly #environment: ConnectionEnvironment;
  readonly #events: ConnectionEvents;
  #state: State = { kind: 'idle' };
  #failures = 0;
  #whenOnline: (() => void)[] = [];
  #whenOffline: (() => void)[] = [];

  constructor(environment: ConnectionEnvironment, events: ConnectionEvents) {
    this.#environment = environment;
    this.#events = events;
  }

  get isOnline(): boolean {
    return this.#state.kind === 'online';
  }

  /** When the current socket last received something. */
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

  /** Connects if it is neither connected nor about to; also after a final close, since the user may have logged in again. */
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

  /** The network is back, a tab is visible, or the user asked: connects at once, or checks that the socket is alive. */
  tryNow(): void {
    const state = this.#state;
    if (state.kind === 'waiting') {
      state.cancel();
      this.#connect();
    } else if (state.kind === 'online' || state.kind === 'connecting') state.link.check();
  }

  /** Rejects with Refused, or with ConnectionLost if there is no connection or it closes before the answer. */
  request<A extends Action>(action: A, data: ActionData<A>): Promise<ActionOk<A>> {
    if (this.#state.kind !== 'online') return Promise.reject(new ConnectionLost());
    return this.#state.link.request(action, data);
  }

  /** Resolves when it is online. */
  whenOnline(): Promise<void> {
    if (this.isOnline) return Promise.resolve();
    return new Promise((resolve) => this.#whenOnline.push(resolve));
  }

  /** Resolves when it is not online. */
  whenOffline(): Promise<void> {
    if (!this.isOnline) return Promise.resolve();
    return new Promise((resolve) => this.#whenOffline.push(resolve));
  }

  #connect(): void {
    const { openSocket, clock } = this.#environment;
    const link: Link = new Link(openSocket, clock, {
      opened: () => this.#introduce(link),
      events: (events) => this.#holds(link) && this.#events.eventsReceived(events),
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
    this.#events.connected(answer);
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

  /** Browsers do not expose why an upgrade was refused: the session may have ended, or belong to another user. */
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
    this.#events.sessionMismatched();
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
    this.#events.connectionChanged(this.status, this.limits);
    if (!this.isOnline) for (const resolve of this.#whenOffline.splice(0)) resolve();
  }
}
