import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, LOGGER, type Clock, type Logger } from '@parley/platform';
import { InvitationService } from './invitations/invitation.service.ts';
import { MembershipAnnouncer } from './memberships/membership-announcer.service.ts';
import { SessionService } from './sessions/session.service.ts';

const ANNOUNCE_EVERY_MS = 10_000;
const EXPIRE_EVERY_MS = 3_600_000;

/** What is done without being asked for. Every replica does it; each task can be done by several at once. */
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
    this.#repeat('announcing changes of membership', ANNOUNCE_EVERY_MS, () => this.#announcer.announceOverdue());
    this.#repeat('removing expired sessions', EXPIRE_EVERY_MS, () => this.#sessions.removeExpired());
    this.#repeat('removing expired invitations', EXPIRE_EVERY_MS, () => this.#invitations.removeExpired());
  }

  /** Before the database is closed. */
  async onModuleDestroy(): Promise<void> {
    for (const stop of this.#stops) stop();
    await Promise.all(this.#running.values());
  }

  /** A task that takes longer than its interval is not begun a second time. */
  #repeat(name: string, everyMs: number, task: () => Promise<void>): void {
    const run = async (): Promise<void> => {
      try {
        await task();
      } catch (error) {
        this.#logger.warn({ err: error, task: name }, 'Housekeeping failed and will be tried again.');
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
