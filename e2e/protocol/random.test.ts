import { describeWith, sharedMongo, type Need } from '@parley/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMongoServices, startSqliteServices } from '../harness/in-process.ts';
import { PLANTED_FAULTS } from './random/planted-faults.ts';
import { play } from './random/run.ts';
import { script } from './random/steps.ts';
import { System, type SystemOptions } from './random/system.ts';

/**
 * PARLEY_SEED repeats the runs of a seed, and makes what fails as short as it can; PARLEY_RUNS makes so many of them.
 * A seed decides what is done and what befalls the bus; which of two that race wins, it does not decide.
 */
const { PARLEY_SEED, PARLEY_RUNS } = process.env;
const seed = Number(PARLEY_SEED ?? Date.now() % 1_000_000);
const timeout = PARLEY_SEED === undefined && PARLEY_RUNS === undefined ? 60_000 : 3_600_000;

interface Composition extends Pick<SystemOptions, 'startServices'> {
  readonly name: string;
  readonly needs: readonly Need[];
  readonly runs: number;
}

const COMPOSITIONS: readonly Composition[] = [
  { name: 'over SQLite', needs: [], runs: 6, startServices: startSqliteServices },
  {
    name: 'over MongoDB, with a message service each',
    needs: ['mongo'],
    runs: 3,
    startServices: async (bus) => startMongoServices(bus, (await sharedMongo()).databaseUrl()),
  },
];

for (const { name, needs, runs, startServices } of COMPOSITIONS) {
  describeWith(needs, `many people at two gateways ${name}`, () => {
    let system: System | undefined;

    beforeAll(async () => {
      system = await System.start({ startServices });
    });

    afterAll(() => system?.close());

    test(`all see the same in the end, whatever the bus does (PARLEY_SEED=${seed})`, { timeout }, () =>
      fc.assert(
        fc.asyncProperty(script, async (steps) => {
          expect(system && (await play(system, steps, { patienceMs: 20_000 }))).toEqual([]);
        }),
        { seed, numRuns: Number(PARLEY_RUNS ?? runs), endOnFailure: PARLEY_SEED === undefined },
      ),
    );
  });
}

describe('the random test', () => {
  test.each(PLANTED_FAULTS)(
    `finds $name (PARLEY_SEED=${seed})`,
    { timeout },
    async ({ kind, tamper, faults, clients }) => {
      const system = await System.start({ startServices: startSqliteServices, tamper, faults });
      const found = new Set<string>();
      for (const steps of fc.sample(script, { seed, numRuns: 10 })) {
        const violations = await play(system, steps, { clients, patienceMs: 2_000 });
        for (const violation of violations) found.add(violation.kind);
        if (found.has(kind)) break;
      }
      await system.close();
      expect(found).toContain(kind);
    },
  );
});
