import type { ConnectionId, UserId } from '@parley/protocol';
import { expect, onTestFinished, test } from 'vitest';
import type { ConnectionRecord, OwnConnection } from './connection-record.ts';

const ada = 'ada' as UserId;
const bob = 'bob' as UserId;
const here = (name: string, away = false): OwnConnection => ({ connectionId: name as ConnectionId, away });

/** What every ConnectionRecord does. `make`: the record of the gateway `gateway-1`, with nobody connected. */
export function describeConnectionRecord(make: () => Promise<ConnectionRecord>): void {
  async function makeRecord(): Promise<ConnectionRecord> {
    const record = await make();
    onTestFinished(() => record.close());
    return record;
  }

  async function connectionIds(record: ConnectionRecord, ...userIds: UserId[]): Promise<ConnectionId[]> {
    return (await record.find(userIds)).map(({ connectionId }) => connectionId).sort();
  }

  test('it tells on which gateway whose connections are, and which of them are away', async () => {
    const record = await makeRecord();
    await record.write(new Map([[ada, [here('one'), here('two', true)]]]));
    expect(await record.find([ada, bob])).toEqual([
      { gatewayId: 'gateway-1', connectionId: 'one', userId: ada, away: false },
      { gatewayId: 'gateway-1', connectionId: 'two', userId: ada, away: true },
    ]);
    await record.write(new Map([[ada, [here('one', true)]]]));
    expect(await record.find([ada])).toMatchObject([{ connectionId: 'one', away: true }]);
  });

  test('it tells the connections of several people', async () => {
    const record = await makeRecord();
    await record.write(
      new Map([
        [ada, [here('one')]],
        [bob, [here('two')]],
      ]),
    );
    expect(await connectionIds(record, ada, bob)).toEqual(['one', 'two']);
    expect(await connectionIds(record, bob)).toEqual(['two']);
  });

  test('who is written without connections is gone, and nobody else', async () => {
    const record = await makeRecord();
    await record.write(
      new Map([
        [ada, [here('one')]],
        [bob, [here('two')]],
      ]),
    );
    await record.write(new Map([[ada, []]]));
    expect(await connectionIds(record, ada, bob)).toEqual(['two']);
  });

  test('asked for nobody it answers with nobody', async () => {
    const record = await makeRecord();
    expect(await record.find([])).toEqual([]);
    await record.write(new Map());
  });

  test('its clock does not go back', async () => {
    const record = await makeRecord();
    const [first, second] = [await record.now(), await record.now()];
    expect(second).toBeGreaterThanOrEqual(first);
  });

  test('closed, it counts no more', async () => {
    const record = await makeRecord();
    await record.write(new Map([[ada, [here('one')]]]));
    await record.close();
    await expect.poll(() => record.find([ada])).toEqual([]);
  });
}
