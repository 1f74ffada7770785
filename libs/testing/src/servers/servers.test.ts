import { MongoClient } from 'mongodb';
import { expect, onTestFinished, test, vi } from 'vitest';
import { describeWith } from '../describe-with.ts';
import { sharedMongo } from '../shared-mongo.ts';
import { startMongo } from './mongo.ts';
import { startRedis } from './redis.ts';

describeWith('mongo', 'a real MongoDB', () => {
  test('a single node accepts a transaction as soon as it is started', async () => {
    const server = await startMongo({ nodes: 1 });
    onTestFinished(() => server.stop());
    const client = await MongoClient.connect(server.databaseUrl());
    onTestFinished(() => client.close());
    await client.withSession((session) =>
      session.withTransaction(() => client.db().collection('things').insertOne({ one: 1 }, { session })),
    );
    expect(await client.db().collection('things').countDocuments()).toBe(1);
  });

  test('three nodes elect another primary when theirs is killed, and accept it back', async () => {
    const server = await startMongo({ nodes: 3 });
    onTestFinished(() => server.stop());
    const client = await MongoClient.connect(server.databaseUrl(), { writeConcern: { w: 'majority' } });
    onTestFinished(() => client.close());
    const things = client.db().collection('things');
    await things.insertOne({ one: 1 });
    const [first] = server.nodes;
    await first?.kill();
    // The driver tries once more by itself, which may be too early.
    await vi.waitFor(() => things.insertOne({ two: 2 }), { timeout: 20_000 });
    await first?.restart();
    expect(await things.countDocuments()).toBe(2);
  });

  test('sharedMongo returns the same server, and a new database for each call of databaseUrl', async () => {
    const [one, two] = await Promise.all([sharedMongo(), sharedMongo()]);
    expect(one.url).toBe(two.url);
    expect(one.databaseUrl()).not.toBe(two.databaseUrl());
  });
});

for (const server of ['valkey', 'redis'] as const) {
  describeWith(server, `a real ${server}`, () => {
    test('restarts on the same port after it was killed', async () => {
      const redis = await startRedis({ server });
      onTestFinished(() => redis.stop());
      const { url } = redis;
      await redis.kill();
      await redis.restart();
      expect(redis.url).toBe(url);
    });
  });
}
