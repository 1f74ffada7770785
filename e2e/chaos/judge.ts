import { setTimeout as elapse } from 'node:timers/promises';
import { findViolations, isRepairable, type Violation } from '../protocol/random/checker.ts';
import { fetchRoomLists } from '../protocol/random/truth.ts';
import type { Crowd } from './crowd.ts';
import type { Database } from './database.ts';
import type { SilenceMeter } from './silence.ts';
import type { Verdict } from './verdict.ts';

/** A gateway compares what it has with the database every 30 s. */
const REPAIRED_WITHIN_MS = 40_000;
const POLL_MS = 250;

export interface JudgeOptions {
  readonly crowd: Crowd;
  readonly silence: SilenceMeter;
  readonly database: Database;
  /** Where a client that comes now asks. */
  readonly url: string;
}

/** Lets things happen to a crowd, and compares what everybody has with the database afterwards. */
export class Judge {
  readonly #options: JudgeOptions;
  /** What was wrong before is not held against what happens next. */
  readonly #known = new Set<string>();

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** Everybody talks before, during and after. */
  async try(fault: string, happen: () => Promise<void>): Promise<Verdict> {
    const { crowd, silence } = this.#options;
    const began = performance.now();
    const { acknowledged, reconnects } = crowd;
    silence.begin(crowd.clients.map((client) => client.name));
    crowd.talk();
    try {
      await crowd.everybodySpeaks();
      await happen();
      await crowd.everybodySpeaks();
    } finally {
      // Also when something went wrong: nobody talks on into what is tried next.
      await crowd.hush();
    }
    const violations = this.#news(await this.#settle());
    return {
      ...{ fault, violations },
      acknowledged: crowd.acknowledged - acknowledged,
      longestSilenceMs: silence.longestMs,
      reconnects: crowd.reconnects - reconnects,
      seconds: (performance.now() - began) / 1_000,
    };
  }

  /** What is wrong now and was not before; with `collection`, if that held the logs. */
  async find(collection?: string): Promise<Violation[]> {
    return (await this.#violations(collection)).filter(({ detail }) => !this.#known.has(detail));
  }

  async #violations(collection?: string): Promise<Violation[]> {
    const { crowd, database, url } = this.#options;
    const logs = await database.readLogs(crowd.users, collection);
    const rooms = await fetchRoomLists(url, crowd.people);
    const observations = crowd.clients.map((client) => client.observe());
    return findViolations({ logs, rooms, founders: crowd.founders }, observations);
  }

  /** What is still wrong when there was time for every repair. */
  async #settle(): Promise<Violation[]> {
    const { crowd, database } = this.#options;
    const giveUp = performance.now() + REPAIRED_WITHIN_MS;
    for (;;) {
      const isLate = performance.now() > giveUp;
      if (isLate || crowd.isUpToDate(await database.readLogs(crowd.users))) {
        const violations = await this.#violations();
        if (isLate || !violations.some(isRepairable)) return violations;
      }
      await elapse(POLL_MS);
    }
  }

  #news(violations: readonly Violation[]): Violation[] {
    const news = violations.filter(({ detail }) => !this.#known.has(detail));
    for (const { detail } of news) this.#known.add(detail);
    return news;
  }
}
