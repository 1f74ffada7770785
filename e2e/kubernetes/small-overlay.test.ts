import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Simulation } from '../chaos/simulation.ts';
import type { Database } from '../chaos/database.ts';
import { FaultExperiment } from '../chaos/fault-experiment.ts';
import { writeReport } from '../chaos/report.ts';
import { DeliveryGapMeter } from '../chaos/delivery-gap.ts';
import type { FaultResult } from '../chaos/fault-result.ts';
import { TestUser } from '../harness/test-user.ts';
import { seededRandom } from '../protocol/random/seeded-random.ts';
import { nextImageOf, removeNextImages, SERVICES } from './images.ts';
import { runKubectl, type Printed } from './kubectl.ts';
import { Load } from './load.ts';
import { findPrimary, openDatabase } from './mongo.ts';
import { inNamespace, KubernetesParley } from './parley.ts';

const SIZES = { people: 80, clients: 100, rooms: 8 };
const TIMEOUT_MS = 600_000;
const WAITING = { timeout: 180_000, interval: 500 };

describeWith(['kubernetes', 'containers'], 'in a Kubernetes cluster', () => {
  const results: FaultResult[] = [];
  const validated = new Map<string, Printed>();
  let parley: KubernetesParley;
  let printed: Printed;
  let database: Database;
  let simulation: Simulation;
  let experiment: FaultExperiment;

  /** Nobody who talks meanwhile loses anything. */
  const withoutLoss = async (fault: string, happen: () => Promise<void>): Promise<void> => {
    const result = await experiment.run(fault, happen);
    results.push(result);
    expect(result.violations).toEqual([]);
  };

  beforeAll(async () => {
    parley = await KubernetesParley.prepare();
    for (const overlay of ['small', 'production']) validated.set(overlay, await parley.validate(overlay));
    printed = await parley.up();
    database = await openDatabase();
  }, TIMEOUT_MS);

  afterAll(async () => {
    if (results.length > 0) writeReport('kubernetes', 'Kubernetes', results);
    await simulation?.stop();
    await database?.close();
    await parley?.down();
    await removeNextImages();
  }, TIMEOUT_MS);

  test.each(['small', 'production'])('the API server takes the %s overlay, and warns of nothing', (overlay) => {
    expect(validated.get(overlay)?.stdout).toContain('deployment.apps/gateway');
    expect(validated.get(overlay)?.stderr).toBe('');
  });

  test('the small overlay came up from nothing, without a warning', () => {
    expect(printed.stdout).toContain('deployment.apps/gateway created');
    expect(printed.stderr).toBe('');
  });

  test('the release is applied once more, as upgrades are: its migration runs again', async () => {
    const { stdout, stderr } = await parley.upgrade();
    expect(stdout).toContain('job.batch/migrate created');
    expect(stderr).toBe('');
  });

  test('every pod runs restricted', async () => {
    const pods = await parley.pods();
    expect(pods.map(({ name }) => name.replace(/-.*/, ''))).toEqual(
      expect.arrayContaining(['gateway', 'room', 'message', 'mongo', 'redis']),
    );
    for (const { name, containers } of pods) {
      for (const container of containers) {
        const inside = (...command: readonly string[]): Promise<string> =>
          inNamespace('exec', name, '--container', container, '--', ...command);
        const status = await inside('cat', '/proc/1/status');
        expect(status, name).toMatch(/^Uid:\t[1-9]/m);
        expect(status, name).toMatch(/^CapEff:\t0+$/m);
        expect(status, name).toMatch(/^CapBnd:\t0+$/m);
        expect(status, name).toMatch(/^NoNewPrivs:\t1$/m);
        expect(status, name).toMatch(/^Seccomp:\t2$/m);
        await expect(inside('touch', '/written'), name).rejects.toThrow('Read-only file system');
      }
    }
    const wanting = { spec: { containers: [{ name: 'pod', image: 'pod:1', securityContext: { privileged: true } }] } };
    const pod = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'pod', namespace: 'parley' },
      ...wanting,
    });
    await expect(runKubectl(['create', '--dry-run=server', '--filename', '-'], pod)).rejects.toThrow(
      'violates PodSecurity "restricted',
    );
  });

  test('people at different pods chat', async () => {
    const [one, other] = (await parley.pods('gateway')).map(({ ip }) => `http://${ip}:8080`);
    const ada = await TestUser.signUp(one ?? '', 'Ada');
    const bob = await TestUser.signUp(other ?? '', 'Bob');
    const roomId = await ada.createRoom(bob);
    await bob.receives('room_created', roomId);
    const { seq } = await ada.say(roomId, 'From pod to pod');
    await bob.sees(roomId, seq);
    await Promise.all([ada.client.close(), bob.client.close()]);
  });

  test('gateways are scaled from 1 to 3 to 1 while 100 clients talk', { timeout: TIMEOUT_MS }, async () => {
    for (const service of SERVICES) await parley.removeScaler(service);
    await parley.scale('gateway', 1);
    const deliveryGap = new DeliveryGapMeter();
    const random = seededRandom(Date.now());
    const { url } = parley;
    simulation = await Simulation.start({ url, ...SIZES, random, deliveryGap });
    experiment = new FaultExperiment({ url, simulation, deliveryGap, database });
    try {
      await vi.waitFor(async () => expect(await parley.connections()).toEqual([SIZES.clients]), WAITING);
      await withoutLoss('gateways scaled from 1 to 3 to 1', async () => {
        await parley.scale('gateway', 3);
        simulation.dropConnections(random);
        await vi.waitFor(async () => {
          const connections = await parley.connections();
          expect(connections).toHaveLength(3);
          expect(connections[0]).toBeGreaterThan(0);
          expect(sum(connections)).toBe(SIZES.clients);
        }, WAITING);
        await parley.scale('gateway', 1);
        await vi.waitFor(async () => expect(await parley.connections()).toEqual([SIZES.clients]), WAITING);
      });
    } finally {
      await parley.scale('gateway', 2);
    }
  });

  test.each(SERVICES)('a new image of the %s is rolled out under load', { timeout: TIMEOUT_MS }, async (service) => {
    const image = nextImageOf(service);
    await withoutLoss(`${service} upgraded`, () => parley.rollOut(service, image));
    const pods = await parley.pods(service);
    expect(new Set(pods.flatMap(({ images }) => images))).toEqual(new Set([image]));
  });

  test('a pod of each kind is killed at once', { timeout: TIMEOUT_MS }, async () => {
    await withoutLoss('a pod of each kind killed', async () => {
      const primary = await findPrimary();
      const first = await Promise.all(
        [...SERVICES, 'redis'].map(async (name) => (await parley.pods(name)).slice(0, 1)),
      );
      const mongo = (await parley.pods('mongo')).filter(({ name }) => name === primary);
      await parley.kill([...first.flat(), ...mongo]);
    });
  });

  test(
    'one pod of each service may be evicted, and a second one not before it is replaced',
    { timeout: TIMEOUT_MS },
    async () => {
      await withoutLoss('pods evicted', async () => {
        for (const service of SERVICES) {
          const [first, second] = await parley.pods(service);
          if (first === undefined || second === undefined) throw new Error(`There are not two pods of ${service}.`);
          await vi.waitFor(() => parley.evict(first), WAITING);
          await expect(parley.evict(second)).rejects.toThrow('TooManyRequests');
          await parley.isComplete(service, 2);
        }
      });
    },
  );

  test('gateways are added under load, and taken back', { timeout: TIMEOUT_MS }, async () => {
    await parley.restoreScaler('gateway');
    await withoutLoss('gateways scaled by their load', async () => {
      const load = await Load.start(parley.url);
      await vi.waitFor(async () => expect(await parley.connections()).toHaveLength(3), WAITING);
      await load.stop();
      await vi.waitFor(async () => expect(await parley.wantedReplicas('gateway')).toBe(2), WAITING);
      await parley.isComplete('gateway', 2);
    });
  });
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
