import {
  describeWith,
  sharedMongo,
  signIn,
  signUp,
  startProxy,
  type ProtocolClient,
  type SignedUp,
  type TcpProxy,
} from '@parley/testing';
import type { RoomId } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { connect } from '../harness/chat.ts';
import { startCluster, type RunningCluster } from '../harness/parley.ts';
import { newMessageId, newRoomId } from '../harness/test-user.ts';

describeWith(['mongo', 'valkey'], 'while MongoDB', () => {
  let proxy: TcpProxy;
  let cluster: RunningCluster;
  let ada: SignedUp;
  let client: ProtocolClient;
  let roomId: RoomId;

  beforeAll(async () => {
    const url = new URL((await sharedMongo()).databaseUrl());
    proxy = await startProxy({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${proxy.port}`;
    // Else the driver goes by the addresses that the replica set gives, past the proxy.
    url.searchParams.delete('replicaSet');
    url.searchParams.set('directConnection', 'true');
    cluster = await startCluster({ env: { PARLEY_MONGO_URL: url.href } });
    ada = await signUp(cluster.urls[0]);
    client = await connect(cluster.urls[0], ada);
    roomId = newRoomId();
    await client.command('create_room', { roomId, memberIds: [] });
  });

  afterAll(async () => {
    await client?.close();
    await cluster?.stop();
    await proxy?.close();
  });

  afterEach(() => proxy.restore());

  const say = () => client.command('create_message', { roomId, messageId: newMessageId(), text: 'Hello' });
  const outages: [string, () => void][] = [
    ['refuses connections', () => proxy.cut()],
    ['hangs', () => proxy.freeze()],
  ];

  describe.each(outages)('%s', (_name, happen) => {
    test('commands fail as unavailable, sockets stay open, and everything works again after the outage', async () => {
      await say();
      happen();
      const commands = [
        say(),
        client.command('create_room', { roomId: newRoomId(), memberIds: [] }),
        client.command('get_messages', { roomId, limit: 10 }),
        client.command('get_user_rooms', {}),
        client.command('search_messages', { query: 'hello', limit: 10 }),
      ];
      for (const outcome of await Promise.allSettled(commands)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable', retryable: true } });
      }
      await expect(signIn(cluster.urls[0], ada)).rejects.toThrow('503');
      proxy.restore();
      await vi.waitFor(say, { timeout: 60_000, interval: 500 });
      await signIn(cluster.urls[0], ada);
    });
  });
});
