import { describeWith, sharedMongo, signUp, startRedis, type RedisServer, type SignedIn } from '@parley/testing';
import type { RoomId } from '@parley/protocol';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startCluster, type RunningCluster } from '../harness/parley.ts';
import { newMessageId, newRoomId } from '../harness/test-user.ts';
import { findViolations } from './random/checker.ts';
import { ModelClient } from './random/model-client.ts';
import { seededRandom } from './random/seeded-random.ts';
import { fetchTruth } from './random/truth.ts';

const ACCELERATION = 5;
const TIMEOUT_MS = 90_000;

describeWith(['mongo', 'valkey'], 'people go on talking while', () => {
  let redis: RedisServer;
  let cluster: RunningCluster;

  beforeAll(async () => {
    redis = await startRedis({ server: 'valkey' });
    const mongoUrl = (await sharedMongo()).databaseUrl();
    cluster = await startCluster({ env: { PARLEY_MONGO_URL: mongoUrl, PARLEY_REDIS_URL: redis.url } });
  });

  afterAll(async () => {
    await cluster?.stop();
    await redis?.stop();
  });

  const outages: [string, () => Promise<void>][] = [
    ['a gateway crashes', () => cluster.crash('gateway')],
    ['a message service crashes', () => cluster.crash('message')],
    ['the room service crashes', () => cluster.crash('room')],
    ['Redis is restarted', () => redis.kill().then(() => redis.restart())],
  ];

  test.each(outages)('%s, and nothing is lost', { timeout: TIMEOUT_MS }, async (_name, happen) => {
    const people = await Promise.all(
      ['Ada', 'Bob', 'Cleo'].map((name) => signUp(cluster.urls[0], { displayName: name })),
    );
    const clients = people.flatMap((person) => [0, 1].map((firstUrl) => clientOf(person, firstUrl)));
    for (const client of clients) client.start();
    const founders = new Map<RoomId, ReadonlySet<SignedIn['user']['userId']>>();

    const createRoom = async (): Promise<RoomId> => {
      const roomId = newRoomId();
      const memberIds = people.map(({ user }) => user.userId);
      founders.set(roomId, new Set(memberIds));
      await clients[0]?.request('create_room', { roomId, memberIds });
      return roomId;
    };
    const roomId = await createRoom();
    let isOver = false;
    const talk = async (client: ModelClient): Promise<void> => {
      // Once more after the outage, so that every client detects its gap at once.
      for (let isLast = false; !isLast;) {
        isLast = isOver;
        await client.say(roomId, newMessageId(), `${client.name} talks`);
      }
    };
    const talking = clients.map(talk);
    const [during] = await Promise.all([createRoom(), happen()]);
    isOver = true;
    await Promise.all(talking);
    await clients.at(-1)?.say(during, newMessageId(), 'Here too');

    await vi.waitFor(
      async () => {
        const truth = await fetchTruth({ url: cluster.urls[0], people, founders });
        const observations = clients.map((client) => client.observe());
        expect(findViolations(truth, observations)).toEqual([]);
        expect(truth.logs.get(during)).toHaveLength(1);
      },
      { timeout: TIMEOUT_MS, interval: 200 },
    );
    await Promise.all(clients.map((client) => client.stop()));
  });

  const clientOf = (person: SignedIn, firstUrl: number): ModelClient =>
    new ModelClient({
      name: `${person.user.displayName} ${firstUrl + 1}`,
      person,
      urls: cluster.urls,
      firstUrl,
      random: seededRandom(firstUrl),
      acceleration: ACCELERATION,
    });
});
