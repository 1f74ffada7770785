import { setTimeout as elapse } from 'node:timers/promises';
import { findViolations, isRepairable, type Violation } from '../protocol/random/checker.ts';
import { fetchRoomLists } from '../protocol/random/truth.ts';
import type { Simulation } from './simulation.ts';
import type { Database } from './database.ts';
import type { DeliveryGapMeter } from './delivery-gap.ts';
import type { FaultResult } from './fault-result.ts';

/** Gateways reconcile with the database every 30 s. */
const REPAIRED_WITHIN_MS = 40_000;
const POLL_MS = 250;

export interface FaultExperimentOptions {
  readonly simulation: Simulation;
  readonly deliveryGap: DeliveryGapMeter;
  readonly database: Database;
  /** The address from which the room lists are read. */
  readonly url: string;
}

/** Injects faults while clients send messages, then compares every client with the database. */
export class FaultExperiment {
  readonly #options: FaultExperimentOptions;
  /** Violations of earlier faults, which do not count again. */
  readonly #known = new Set<string>();

  constructor(options: FaultExperimentOptions) {
    this.#options = options;
  }

  /** Clients send messages before, during and after the fault. */
  async run(fault: string, happen: () => Promise<void>): Promise<FaultResult> {
    const { simulation, deliveryGap } = this.#options;
    const began = performance.now();
    const { acknowledged, reconnects } = simulation;
    deliveryGap.begin(simulation.clients.map((client) => client.name));
    simulation.startSending();
    try {
      await simulation.allClientsSend();
      await happen();
      await simulation.allClientsSend();
    } finally {
      // Also after an error, so that no client sends during the next fault.
      await simulation.stopSending();
    }
    const violations = this.#newOnes(await this.#settle());
    return {
      ...{ fault, violations },
      acknowledged: simulation.acknowledged - acknowledged,
      longestDeliveryGapMs: deliveryGap.longestMs,
      reconnects: simulation.reconnects - reconnects,
      seconds: (performance.now() - began) / 1_000,
    };
  }

  /** The violations that are new. `collection`: read the logs from there. */
  async findNewViolations(collection?: string): Promise<Violation[]> {
    return (await this.#violations(collection)).filter(({ detail }) => !this.#known.has(detail));
  }

  async #violations(collection?: string): Promise<Violation[]> {
    const { simulation, database, url } = this.#options;
    const logs = await database.readLogs(simulation.users, collection);
    const rooms = await fetchRoomLists(url, simulation.people);
    const observations = simulation.clients.map((client) => client.observe());
    return findViolations({ logs, rooms, founders: simulation.founders }, observations);
  }

  /** The violations that remain after the time for all repairs. */
  async #settle(): Promise<Violation[]> {
    const { simulation, database } = this.#options;
    const deadline = performance.now() + REPAIRED_WITHIN_MS;
    for (;;) {
      const isLate = performance.now() > deadline;
      if (isLate || simulation.isUpToDate(await database.readLogs(simulation.users))) {
        const violations = await this.#violations();
        if (isLate || !violations.some(isRepairable)) return violations;
      }
      await elapse(POLL_MS);
    }
  }

  #newOnes(violations: readonly Violation[]): Violation[] {
    const found = violations.filter(({ detail }) => !this.#known.has(detail));
    for (const { detail } of found) this.#known.add(detail);
    return found;
  }
}
