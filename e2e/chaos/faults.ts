import { setTimeout as elapse } from 'node:timers/promises';
import { shuffled, type Random } from '../protocol/random/seeded-random.ts';
import type { Cluster } from './cluster.ts';
import type { Simulation } from './simulation.ts';

export interface Fault {
  readonly name: string;
  /** Resolves when everything runs again. */
  happen(scene: { cluster: Cluster; simulation: Simulation; random: Random }): Promise<void>;
}

const FREEZE_MS = 20_000;
/** Longer than a client's or a service's patience with one call. */
const OUTAGE_MS = 10_000;
const SHORT_MS = 3_000;

const killingInTurn = (service: 'gateway' | 'room' | 'message'): Fault => ({
  name: `every ${service} process is killed in turn`,
  async happen({ cluster, random }) {
    for (const process of shuffled(cluster.processesOf(service), random)) {
      await process.kill();
      await elapse(random() * SHORT_MS);
      await process.start();
    }
  },
});

export const FAULTS: readonly Fault[] = [
  killingInTurn('gateway'),
  killingInTurn('room'),
  killingInTurn('message'),
  {
    name: 'a gateway is stopped for 20 s',
    async happen({ cluster, simulation, random }) {
      const [gateway] = shuffled(cluster.gateways, random);
      gateway?.pause();
      // Messages just sent wait at the paused gateway while the clients send them again through another.
      await elapse(random() * SHORT_MS);
      simulation.dropConnections(random);
      await elapse(FREEZE_MS);
      gateway?.resume();
    },
  },
  {
    name: 'Redis is killed and stays away',
    async happen({ cluster: { redis } }) {
      await redis.kill();
      await elapse(OUTAGE_MS);
      await redis.restart();
    },
  },
  {
    name: 'Redis is paused',
    async happen({ cluster: { redis } }) {
      redis.pause();
      await elapse(OUTAGE_MS);
      redis.resume();
    },
  },
  {
    name: 'Redis is restarted empty',
    async happen({ cluster: { redis } }) {
      await redis.kill();
      await redis.restart();
    },
  },
  {
    name: 'the primary of MongoDB is killed',
    async happen({ cluster: { mongo }, random }) {
      const { primary } = await mongo.roles();
      await mongo.kill(primary);
      await mongo.roles();
      await elapse(random() * SHORT_MS);
      await mongo.repair();
    },
  },
  {
    name: 'one gateway cannot reach Redis, and another receives nothing from it',
    async happen({ cluster: { redisLinks }, random }) {
      const [refused, silent] = shuffled(redisLinks, random);
      refused?.cut();
      silent?.freeze();
      await elapse(OUTAGE_MS);
      refused?.restore();
      silent?.restore();
    },
  },
  {
    name: 'everything is restarted, one after the other',
    async happen({ cluster }) {
      for (const process of cluster.processes) await process.restart();
    },
  },
];
