import type { ConnectionId, UserId } from '@parley/protocol';
import { expect, onTestFinished, test } from 'vitest';
import type { ConnectionRecord } from './connection-record.ts';

const ada = 'ada' as UserId;
const bob = 'bob' as UserId;
const first = 'connection-1' as ConnectionId;
const second = 'connection-2' as ConnectionId;

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

  test('it tells on which gateway whose connections are', async () => {
    const record = await makeRecord();
    record.add(first, ada);
    await expect
      .poll(() => record.find([ada, bob]))
      .toEqual([{ gatewayId: 'gateway-1', connectionId: first, userId: ada }]);
  });

  test('it tells several connections of several people', async () => {
    const record = await makeRecord();
    record.add(first, ada);
    record.add(second, bob);
    await expect.poll(() => connectionIds(record, ada, bob)).toEqual([first, second]);
    expect(await connectionIds(record, bob)).toEqual([second]);
  });

  test('what is removed is gone, and only that', async () => {
    const record = await makeRecord();
    record.add(first, ada);
    record.add(second, ada);
    await expect.poll(() => connectionIds(record, ada)).toEqual([first, second]);
    record.remove(first, ada);
    await expect.poll(() => connectionIds(record, ada)).toEqual([second]);
    record.remove(second, ada);
    await expect.poll(() => connectionIds(record, ada)).toEqual([]);
  });

  test('asked for nobody it answers with nobody', async () => {
    expect(await (await makeRecord()).find([])).toEqual([]);
  });

  test('closed, it has taken its rows back', async () => {
    const record = await makeRecord();
    record.add(first, ada);
    await expect.poll(() => connectionIds(record, ada)).toEqual([first]);
    await record.close();
    expect(await record.find([ada])).toEqual([]);
  });
}
