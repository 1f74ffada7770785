import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster, ROOT } from '../chaos/cluster.ts';
import { Crowd } from '../chaos/crowd.ts';
import { Database } from '../chaos/database.ts';
import { Judge } from '../chaos/judge.ts';
import { reportVerdicts } from '../chaos/report.ts';
import { SilenceMeter } from '../chaos/silence.ts';
import { previousRelease, type Release } from '../harness/previous-release.ts';
import { seededRandom, shuffled } from '../protocol/random/seeded-random.ts';

/** PARLEY_SEED repeats the order of the processes. */
const seed = Number(process.env.PARLEY_SEED ?? Date.now() % 1_000_000);
const CROWD = { people: 160, clients: 200, rooms: 32 };
const TIMEOUT_MS = 240_000;

describeWith(['mongo', 'valkey'], `an upgrade from the release before (PARLEY_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  const silence = new SilenceMeter();
  let release: Release;
  let cluster: Cluster;
  let database: Database;
  let crowd: Crowd;

  beforeAll(async () => {
    release = await previousRelease();
    cluster = await Cluster.start(random, () => release.root);
    database = await Database.open(cluster.databaseUrl);
    crowd = await Crowd.gather({ url: cluster.url, ...CROWD, random, silence });
  }, TIMEOUT_MS);

  afterAll(async () => {
    await crowd?.disperse();
    await database?.close();
    await cluster?.stop();
  });

  test('process by process, in any order, loses nothing that 200 clients say', { timeout: TIMEOUT_MS }, async () => {
    const judge = new Judge({ url: cluster.url, crowd, silence, database });
    const verdict = await judge.try(`${release.version} is upgraded`, async () => {
      await cluster.migrate();
      for (const process of shuffled(cluster.processes, random)) {
        await process.restart(ROOT);
        // Through whatever mixture there is now.
        await crowd.everybodySpeaks();
      }
    });
    reportVerdicts('upgrade', `Upgrade, PARLEY_SEED=${seed}`, [verdict]);
    expect(verdict.violations).toEqual([]);
  });
});
