import { expect, test, vi } from 'vitest';
import { describeBus } from './bus.contract.ts';
import { MemoryBus } from './bus.memory.ts';

describeBus('memory', () => ({ connect: () => new MemoryBus({ onError: () => undefined }) }));

test('passes errors of listeners to onError', async () => {
  const onError = vi.fn();
  const bus = new MemoryBus({ onError });
  const error = new Error('This listener is broken.');
  bus.subscribe('room:throws', () => {
    throw error;
  });
  await bus.publish('room:throws', Buffer.from('1'));
  await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(error));
});
