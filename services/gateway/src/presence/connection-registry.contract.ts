import type { ConnectionId, UserId } from '@parley/protocol';
import { expect, onTestFinished, test } from 'vitest';
import type { ConnectionRegistry, LocalConnection } from './connection-registry.ts';

const ada = 'ada' as UserId;
const bob = 'bob' as UserId;
const local = (name: string, away = false): LocalConnection => ({ connectionId: name as ConnectionId, away });

/** Contract of every ConnectionRegistry. `make` creates an empty one for the gateway `gateway-1`. */
export function describeConnectionRegistry(make: () => Promise<ConnectionRegistry>): void {
  async function makeRegistry(): Promise<ConnectionRegistry> {
    const record = await make();
    onTestFinished(() => record.close());
    return record;
  }

  async function connectionIds(record: ConnectionRegistry, ...userIds: UserId[]): Promise<ConnectionId[]> {
    return (await record.find(userIds)).map(({ connectionId }) => connectionId).sort();
  }

  test("finds a user's connections with their gateway and whether they are away", async () => {
    const record = await makeRegistry();
    await record.write(new Map([[ada, [local('one'), local('two', true)]]]));
    expect(await record.find([ada, bob])).toEqual([
      { gatewayId: 'gateway-1', connectionId: 'one', userId: ada, away: false },
      { gatewayId: 'gateway-1', connectionId: 'two', userId: ada, away: true },
    ]);
    await record.write(new Map([[ada, [local('one', true)]]]));
    expect(await record.find([ada])).toMatchObject([{ connectionId: 'one', away: true }]);
  });

  test('finds the connections of several users', async () => {
    const record = await makeRegistry();
    await record.write(
      new Map([
        [ada, [local('one')]],
        [bob, [local('two')]],
      ]),
    );
    expect(await connectionIds(record, ada, bob)).toEqual(['one', 'two']);
    expect(await connectionIds(record, bob)).toEqual(['two']);
  });

  test('writing no connections removes that user only', async () => {
    const record = await makeRegistry();
    await record.write(
      new Map([
        [ada, [local('one')]],
        [bob, [local('two')]],
      ]),
    );
    await record.write(new Map([[ada, []]]));
    expect(await connectionIds(record, ada, bob)).toEqual(['two']);
  });

  test('finds nothing for an empty list, and accepts an empty write', async () => {
    const record = await makeRegistry();
    expect(await record.find([])).toEqual([]);
    await record.write(new Map());
  });

  test('the clock does not go back', async () => {
    const record = await makeRegistry();
    const [first, second] = [await record.now(), await record.now()];
    expect(second).toBeGreaterThanOrEqual(first);
  });

  test("closing removes the gateway's connections", async () => {
    const record = await makeRegistry();
    await record.write(new Map([[ada, [local('one')]]]));
    await record.close();
    await expect.poll(() => record.find([ada])).toEqual([]);
  });
}
