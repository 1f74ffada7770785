import { describeWith, sharedMongo } from '@parley/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMongoServices, startSqliteServices } from '../harness/in-process.ts';
import { PLANTED_FAULTS } from './random/planted-faults.ts';
import { play } from './random/run.ts';
import { script } from './random/steps.ts';
import { System, type SystemOptions } from './random/system.ts';

// Given a seed, the run is repeated, and what fails is made as short as possible.
const isRepeated = process.env.PARLEY_SEED !== undefined;
const seed = Number(process.env.PARLEY_SEED ?? Date.now() % 1_000_000);
const timeout = isRepeated ? 900_000 : 60_000;

const COMPOSITIONS = [
  { name: 'over SQLite', needs: [], numRuns: 8, startServices: startSqliteServices },
  {
    name: 'over MongoDB, with a message service each',
    needs: ['mongo'],
    numRuns: 4,
    startServices: async (bus) => startMongoServices(bus, (await sharedMongo()).databaseUrl()),
  },
] as const satisfies readonly { needs: readonly 'mongo'[]; startServices: SystemOptions['startServices'] }[];

for (const { name, needs, numRuns, startServices } of COMPOSITIONS) {
  describeWith(needs, `many people at two gateways ${name}`, () => {
    let system: System;

    beforeAll(async () => {
      system = await System.start({ startServices });
    });

    afterAll(() => system.close());

    test(`all see the same in the end, whatever the bus does (PARLEY_SEED=${seed})`, { timeout }, () =>
      fc.assert(
        fc.asyncProperty(script, async (steps) => {
          expect(await play(system, steps, { patienceMs: 10_000 })).toEqual([]);
        }),
        { seed, numRuns, endOnFailure: !isRepeated },
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
        const violations = await play(system, steps, { clients, patienceMs: 3_000 });
        for (const violation of violations) found.add(violation.kind);
        if (found.has(kind)) break;
      }
      await system.close();
      expect(found).toContain(kind);
    },
  );
});
