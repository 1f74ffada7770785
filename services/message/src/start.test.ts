import { MESSAGE_API_METHODS, type MessageApi } from '@parley/contracts';
import { createLogger, createRpcClient, migrateMongo, readConfig, startService } from '@parley/platform';
import { describeWith, sharedMongo, startRedis } from '@parley/testing';
import { createConnection } from 'mongoose';
import { expect, test } from 'vitest';
import { messageMigrations } from './migrations.ts';
import { messageService } from './start.ts';
import { newMessageId, newRoomId, newUser } from './testing/room-records.ts';
import { openMongoStore } from './testing/stores.ts';

const token = 'a token of the tests';
const APP_NAME = 'message-start-test';
const logger = createLogger('parley-message', 'silent');

function configFor(mongoUrl: string, redisUrl: string) {
  return readConfig('message', {
    PARLEY_MONGO_URL: mongoUrl,
    PARLEY_REDIS_URL: redisUrl,
    PARLEY_INTERNAL_TOKEN: token,
    PARLEY_HOST: '127.0.0.1',
    PARLEY_PORT: '0',
    PARLEY_MANAGEMENT_HOST: '127.0.0.1',
    PARLEY_MANAGEMENT_PORT: '0',
  });
}

describeWith('mongo', 'the message service as a process', () => {
  describeWith('redis', 'with Redis', () => {
    test('reports ready, serves its API, is unavailable during an outage of MongoDB, and closes', async () => {
      const databaseUrl = (await sharedMongo()).databaseUrl();
      const store = await openMongoStore(databaseUrl);
      const redis = await startRedis({ server: 'redis' });
      const mongoUrl = `${databaseUrl}${databaseUrl.includes('?') ? '&' : '?'}appName=${APP_NAME}`;
      const service = await startService(messageService, configFor(mongoUrl, redis.url), logger);
      const endpoints = () => [`http://127.0.0.1:${service.port}`];
      const client = createRpcClient<MessageApi>(MESSAGE_API_METHODS, { endpoints, token, timeoutMs: 5_000 });
      const ready = await fetch(`http://127.0.0.1:${service.managementPort}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([
        200,
        { status: 'ready', checks: { accepting: true, mongo: true } },
      ]);

      const [roomId, ada] = [newRoomId(), newUser('Ada')];
      await store.rooms.addUsers(ada);
      await store.rooms.addMembers(roomId, ada);
      const messages = [{ userId: ada.userId, messageId: newMessageId(), text: 'Hello', attachmentIds: [] }];
      const stored = client.appendMessages({ batches: [{ roomId, messages }] });
      expect((await stored).results).toMatchObject([[{ message: { seq: 1, text: 'Hello' } }]]);
      await expect(client.getMessages({ userId: ada.userId, roomId: newRoomId(), limit: 1 })).rejects.toMatchObject({
        code: 'not_member',
      });

      const connection = await createConnection(databaseUrl).asPromise();
      const fault = { appName: APP_NAME, failCommands: ['find', 'aggregate'], errorCode: 10107 };
      const failNext = (times: number) =>
        connection.getClient().db('admin').command({ configureFailPoint: 'failCommand', mode: { times }, data: fault });
      await failNext(4);
      await expect(client.getMessages({ userId: ada.userId, roomId, limit: 1 })).rejects.toMatchObject({
        code: 'unavailable',
        message: 'The database does not answer. Try again in a moment.',
      });
      await failNext(0);
      expect((await client.getMessages({ userId: ada.userId, roomId, limit: 1 })).messages).toHaveLength(1);
      await connection.close();

      await service.close();
      await store.close();
      await redis.stop();
    });

    test('does not start with a database that was not migrated, or that a newer release has migrated', async () => {
      const databaseUrl = (await sharedMongo()).databaseUrl();
      const redis = await startRedis({ server: 'redis' });
      const config = configFor(databaseUrl, redis.url);
      await expect(startService(messageService, config, logger)).rejects.toThrow(
        'run the migration of the message service first',
      );
      const connection = await createConnection(databaseUrl).asPromise();
      await migrateMongo(connection, 'message', [
        ...messageMigrations.mongo,
        { version: 99, up: () => Promise.resolve() },
      ]);
      await connection.close();
      await expect(startService(messageService, config, logger)).rejects.toThrow('start the newer release again');
      await redis.stop();
    });
  });
});
