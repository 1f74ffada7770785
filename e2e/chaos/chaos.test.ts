import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom, shuffled } from '../protocol/random/seeded-random.ts';
import { AbandoningClient } from './abandoning-client.ts';
import { Cluster } from './cluster.ts';
import { Simulation } from './simulation.ts';
import { Database } from './database.ts';
import { FAULTS } from './faults.ts';
import { FaultExperiment } from './fault-experiment.ts';
import { PLANTED_FAULTS } from './planted-faults.ts';
import { writeReport } from './report.ts';
import { DeliveryGapMeter } from './delivery-gap.ts';
import type { FaultResult } from './fault-result.ts';

/** PARLEY_SEED repeats the order, targets and times of the faults, but not the results of races. */
const seed = Number(process.env.PARLEY_SEED ?? Date.now() % 1_000_000);
const SIZES = { people: 160, clients: 200, rooms: 32 };
const TIMEOUT_MS = 180_000;
/** A connection that vanished without a close is detected at the second heartbeat. */
const DETECTED = { timeout: 60_000, interval: 500 };

describeWith(['mongo', 'valkey'], `200 clients lose nothing (PARLEY_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  const results: FaultResult[] = [];
  let cluster: Cluster;
  let database: Database;
  let simulation: Simulation;
  let experiment: FaultExperiment;
  let abandoning: AbandoningClient;

  beforeAll(async () => {
    cluster = await Cluster.start(random);
    const { url, databaseUrl } = cluster;
    const deliveryGap = new DeliveryGapMeter();
    database = await Database.open(databaseUrl);
    simulation = await Simulation.start({ url, ...SIZES, random, deliveryGap });
    abandoning = await AbandoningClient.start(url, random);
    experiment = new FaultExperiment({ url, simulation, deliveryGap, database });
  }, TIMEOUT_MS);

  afterAll(async () => {
    writeReport('chaos', `Chaos, PARLEY_SEED=${seed}`, results);
    await abandoning?.stop();
    await simulation?.stop();
    await database?.close();
    await cluster?.stop();
  });

  test.each(shuffled(FAULTS, random))('when $name', { timeout: TIMEOUT_MS }, async ({ name, happen }) => {
    const result = await experiment.run(name, () => happen({ cluster, simulation, random }));
    results.push(result);
    expect(result.violations).toEqual([]);
    expect(cluster.endedServices()).toEqual([]);
    await expect.poll(() => cluster.connections(), DETECTED).toBe(SIZES.clients);
  });

  test.each(PLANTED_FAULTS)('the checker finds $name', async ({ plant, kind }) => {
    const corrupt = `corrupt_${kind}`;
    await plant(await database.copyEntries(corrupt));
    expect((await experiment.findNewViolations(corrupt)).map((violation) => violation.kind)).toContain(kind);
  });

  test('the checker finds nothing in an intact copy of the logs', async () => {
    await database.copyEntries('intact');
    expect(await experiment.findNewViolations('intact')).toEqual([]);
  });
});
