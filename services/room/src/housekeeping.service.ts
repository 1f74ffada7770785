import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, LOGGER, type Clock, type Logger } from '@parley/platform';
import { InvitationService } from './invitations/invitation.service.ts';
import { MembershipAnnouncer } from './memberships/membership-announcer.service.ts';
import { SessionService } from './sessions/session.service.ts';

const ANNOUNCE_EVERY_MS = 10_000;
const EXPIRE_EVERY_MS = 3_600_000;

/** Periodic tasks. Every replica runs them; each task is safe to run concurrently. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stops: (() => void)[] = [];
  readonly #running = new Map<string, Promise<void>>();
  readonly #announcer: MembershipAnnouncer;
  readonly #sessions: SessionService;
  readonly #invitations: InvitationService;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(
    announcer: MembershipAnnouncer,
    sessions: SessionService,
    invitations: InvitationService,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#announcer = announcer;
    this.#sessions = sessions;
    this.#invitations = invitations;
    this.#clock = clock;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#repeat('announce room changes', ANNOUNCE_EVERY_MS, () => this.#announcer.announceOverdue());
    this.#repeat('remove expired sessions', EXPIRE_EVERY_MS, () => this.#sessions.removeExpired());
    this.#repeat('remove expired invitations', EXPIRE_EVERY_MS, () => this.#invitations.removeExpired());
  }

  /** Waits for running tasks, so that the database is closed after them. */
  async onModuleDestroy(): Promise<void> {
    for (const stop of this.#stops) stop();
    await Promise.all(this.#running.values());
  }

  /** Skips a run while the previous one is in progress. */
  #repeat(name: string, everyMs: number, task: () => Promise<void>): void {
    const run = async (): Promise<void> => {
      try {
        await task();
      } catch (error) {
        this.#logger.warn({ err: error, task: name }, 'Housekeeping task failed; retrying at the next interval.');
      } finally {
        this.#running.delete(name);
      }
    };
    this.#stops.push(
      this.#clock.every(everyMs, () => {
        if (!this.#running.has(name)) this.#running.set(name, run());
      }),
    );
  }
}
