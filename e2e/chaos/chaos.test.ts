import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom, shuffled } from '../protocol/random/seeded-random.ts';
import { Cluster } from './cluster.ts';
import { Crowd } from './crowd.ts';
import { Database } from './database.ts';
import { FAULTS } from './faults.ts';
import { Judge } from './judge.ts';
import { PLANTED_FAULTS } from './planted-faults.ts';
import { reportVerdicts } from './report.ts';
import { SilenceMeter } from './silence.ts';
import type { Verdict } from './verdict.ts';

/** PARLEY_SEED repeats the order of the faults, whom they befall and when; not which of two that race wins. */
const seed = Number(process.env.PARLEY_SEED ?? Date.now() % 1_000_000);
const CROWD = { people: 160, clients: 200, rooms: 32 };
const TIMEOUT_MS = 180_000;
/** A connection whose other end is gone without a word is missed at the second heartbeat. */
const NOTICED = { timeout: 60_000, interval: 500 };

describeWith(['mongo', 'valkey'], `200 clients lose nothing (PARLEY_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  const verdicts: Verdict[] = [];
  let cluster: Cluster;
  let database: Database;
  let crowd: Crowd;
  let judge: Judge;

  beforeAll(async () => {
    cluster = await Cluster.start(random);
    const { url, databaseUrl } = cluster;
    const silence = new SilenceMeter();
    database = await Database.open(databaseUrl);
    crowd = await Crowd.gather({ url, ...CROWD, random, silence });
    judge = new Judge({ url, crowd, silence, database });
  }, TIMEOUT_MS);

  afterAll(async () => {
    reportVerdicts('chaos', `Chaos, PARLEY_SEED=${seed}`, verdicts);
    await crowd?.disperse();
    await database?.close();
    await cluster?.stop();
  });

  test.each(shuffled(FAULTS, random))('when $name', { timeout: TIMEOUT_MS }, async ({ name, happen }) => {
    const verdict = await judge.try(name, () => happen({ cluster, crowd, random }));
    verdicts.push(verdict);
    expect(verdict.violations).toEqual([]);
    await expect.poll(() => cluster.connections(), NOTICED).toBe(CROWD.clients);
  });

  test.each(PLANTED_FAULTS)('or the checker says so: it finds $name', async ({ plant, kind }) => {
    const spoilt = `spoilt_${kind}`;
    await plant(await database.copyEntries(spoilt));
    expect((await judge.find(spoilt)).map((violation) => violation.kind)).toContain(kind);
  });

  test('and it finds nothing in a copy of the logs that is not spoilt', async () => {
    await database.copyEntries('unspoilt');
    expect(await judge.find('unspoilt')).toEqual([]);
  });
});
