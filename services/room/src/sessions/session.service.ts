import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, type SessionId, type SignedIn } from '@parley/contracts';
import { CLOCK, LOGGER, type Clock, type Logger } from '@parley/platform';
import { SESSION_DAYS, type OwnUser } from '@parley/protocol';
import { createSecretToken, digestToken } from '../secret-token.ts';
import { UserBroadcaster } from '../user-broadcaster.service.ts';
import { SESSION_REPOSITORY, type SessionRepository, type SessionRecord } from './session.repository.ts';

const TOKEN_BYTES = 32;
const SESSION_MS = SESSION_DAYS * 86_400_000;
/** A session in use costs at most one write an hour. */
const RENEW_AFTER_MS = 3_600_000;

const digest = (token: string): SessionId => digestToken(token) as SessionId;

@Injectable()
export class SessionService {
  readonly #sessions: SessionRepository;
  readonly #broadcaster: UserBroadcaster;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(
    @Inject(SESSION_REPOSITORY) sessions: SessionRepository,
    broadcaster: UserBroadcaster,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#sessions = sessions;
    this.#broadcaster = broadcaster;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** `replaces`: token of the session that the new one replaces. */
  async start(user: OwnUser, replaces?: string): Promise<SignedIn> {
    const token = createSecretToken(TOKEN_BYTES);
    const sessionId = digest(token);
    const times = this.#timesFrom(this.#clock.now());
    await this.#sessions.insert({ sessionId, userId: user.userId, ...times });
    if (replaces !== undefined) await this.end(replaces);
    return { token, sessionId, user, expiresAt: times.expiresAt };
  }

  /** Returns and renews the sessions, in the order of the tokens. null: unknown, ended or expired. */
  async use(tokens: readonly string[]): Promise<(SessionRecord | null)[]> {
    const sessionIds = tokens.map(digest);
    const valid = await this.#findValid(sessionIds);
    const now = this.#clock.now();
    const due = [...valid.values()].filter(({ renewedAt }) => now - renewedAt >= RENEW_AFTER_MS);
    for (const renewed of await Promise.all(due.map((session) => this.#renew(session, now)))) {
      valid.set(renewed.sessionId, renewed);
    }
    return sessionIds.map((sessionId) => valid.get(sessionId) ?? null);
  }

  /** Does nothing for an unknown token. */
  async end(token: string): Promise<void> {
    const sessionId = digest(token);
    const userId = await this.#sessions.remove(sessionId);
    if (userId) await this.#broadcaster.sessionEnded(userId, sessionId);
  }

  async findEnded(sessionIds: readonly SessionId[]): Promise<SessionId[]> {
    const valid = await this.#findValid(sessionIds);
    return sessionIds.filter((sessionId) => !valid.has(sessionId));
  }

  removeExpired(): Promise<void> {
    return this.#sessions.removeExpired(this.#clock.now());
  }

  async #findValid(sessionIds: readonly SessionId[]): Promise<Map<SessionId, SessionRecord>> {
    const found = await this.#sessions.find([...new Set(sessionIds)]);
    const now = this.#clock.now();
    return new Map(found.filter(({ expiresAt }) => expiresAt > now).map((session) => [session.sessionId, session]));
  }

  /** A session that cannot be renewed stays valid; its next use tries again. */
  async #renew(session: SessionRecord, now: number): Promise<SessionRecord> {
    const times = this.#timesFrom(now);
    try {
      await this.#sessions.renew(session.sessionId, times);
      return { ...session, ...times };
    } catch (error) {
      this.#logger.warn({ err: error, sessionId: session.sessionId }, 'Failed to renew a session.');
      return session;
    }
  }

  #timesFrom(now: number): { renewedAt: number; expiresAt: number } {
    return { renewedAt: now, expiresAt: now + SESSION_MS };
  }
}

/** Also the error for a session whose account no longer exists. */
export const sessionEnded = (): ParleyError =>
  new ParleyError('unauthenticated', 'The session has ended. Log in again.');
