import { describe } from 'vitest';
import { describeConnectionRegistry } from './connection-registry.contract.ts';
import { MemoryConnectionRegistry } from './connection-registry.memory.ts';

describe('the connection registry in memory', () => {
  describeConnectionRegistry(async () => new MemoryConnectionRegistry('gateway-1'));
});
