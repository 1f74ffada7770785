import { FakeClock, ProtocolClient } from '@parley/testing';
import { expect, test, vi } from 'vitest';
import { connect, newTestUser, newRoom, sendMessage, startParley } from './testing/parley.ts';

test('draining reports not ready first, serves open connections, and closes them one by one', async () => {
  const clock = new FakeClock();
  const settings = { PARLEY_DRAIN_SECONDS: '10', PARLEY_MANAGEMENT_PORT: '0' };
  const parley = await startParley(settings, { clock });
  const statusOf = async (path: string): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${parley.managementPort}${path}`);
    await response.body?.cancel();
    return response.status;
  };
  const ada = await newTestUser(parley);
  const roomId = await newRoom(ada);
  const connections = [ada];
  while (connections.length < 20) connections.push(await connect(parley, ada));
  const closed: number[] = [];
  for (const { client } of connections) void client.closed.then(({ code }) => closed.push(code));
  expect(await statusOf('/readyz')).toBe(200);

  let finished = false;
  const closing = parley.close().then(() => (finished = true));
  await vi.waitFor(async () => expect(await statusOf('/readyz')).toBe(503));
  expect(await statusOf('/healthz')).toBe(200);
  await expect(ProtocolClient.connect(parley.wsUrl, { cookie: ada.cookie })).rejects.toThrow('503');
  expect(closed).toEqual([]);
  await sendMessage(ada, roomId, 'Still served');

  clock.advance(5_000);
  await vi.waitFor(() => expect(closed.length).toBeGreaterThan(0));
  expect(finished).toBe(false);

  clock.advance(5_000);
  await closing;
  await vi.waitFor(() => expect(closed).toEqual(connections.map(() => 1012)));
});
