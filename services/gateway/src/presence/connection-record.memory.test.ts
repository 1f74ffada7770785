import { describe } from 'vitest';
import { describeConnectionRecord } from './connection-record.contract.ts';
import { MemoryConnectionRecord } from './connection-record.memory.ts';

describe('the record of connections in memory', () => {
  describeConnectionRecord(async () => new MemoryConnectionRecord('gateway-1'));
});
