import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster, ROOT } from '../chaos/cluster.ts';
import { Simulation } from '../chaos/simulation.ts';
import { Database } from '../chaos/database.ts';
import { FaultExperiment } from '../chaos/fault-experiment.ts';
import { writeReport } from '../chaos/report.ts';
import { DeliveryGapMeter } from '../chaos/delivery-gap.ts';
import { previousRelease, type Release } from '../harness/previous-release.ts';
import { seededRandom, shuffled } from '../protocol/random/seeded-random.ts';

/** PARLEY_SEED repeats the order of the processes. */
const seed = Number(process.env.PARLEY_SEED ?? Date.now() % 1_000_000);
const SIZES = { people: 160, clients: 200, rooms: 32 };
const TIMEOUT_MS = 240_000;

describeWith(['mongo', 'valkey'], `an upgrade from the previous release (PARLEY_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  const deliveryGap = new DeliveryGapMeter();
  let release: Release;
  let cluster: Cluster;
  let database: Database;
  let simulation: Simulation;

  beforeAll(async () => {
    release = await previousRelease();
    cluster = await Cluster.start(random, () => release.root);
    database = await Database.open(cluster.databaseUrl);
    simulation = await Simulation.start({ url: cluster.url, ...SIZES, random, deliveryGap });
  }, TIMEOUT_MS);

  afterAll(async () => {
    await simulation?.stop();
    await database?.close();
    await cluster?.stop();
  });

  test('process by process, in any order, loses no message of 200 clients', { timeout: TIMEOUT_MS }, async () => {
    const experiment = new FaultExperiment({ url: cluster.url, simulation, deliveryGap, database });
    const result = await experiment.run(`${release.version} is upgraded`, async () => {
      await cluster.migrate();
      for (const process of shuffled(cluster.processes, random)) {
        await process.restart(ROOT);
        // Through whatever mixture there is now.
        await simulation.allClientsSend();
      }
    });
    writeReport('upgrade', `Upgrade, PARLEY_SEED=${seed}`, [result]);
    expect(result.violations).toEqual([]);
  });
});
