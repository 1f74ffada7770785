import { afterEach, expect, test, vi } from 'vitest';
import { uuidv7 } from '../../domain/ids.ts';
import { Connection } from '../connection.ts';
import { Database } from '../database.ts';
import { Hub } from '../hub.ts';
import { Outbox } from '../outbox.ts';
import { FakeLocks } from '../testing/fake-locks.ts';
import { fuzz } from './run.ts';

afterEach(() => vi.restoreAllMocks());

/** Faults that an engine might have, each with what the fuzz says of it. */
const FAULTS: readonly { name: string; says: RegExp; plant: () => void }[] = [
  {
    name: 'that says stored before it is',
    says: /neither in the outbox nor in the log|is nowhere/,
    plant: () => void vi.spyOn(Database.prototype, 'storeMessage').mockResolvedValue(),
  },
  {
    name: 'that gives a message another id when it sends it again',
    says: /in the log 2 times/,
    plant: () => {
      const request = Reflect.get(Connection.prototype, 'request');
      vi.spyOn(Connection.prototype, 'request').mockImplementation(function (this: Connection, action, data) {
        return request.call(this, action, 'messageId' in data ? { ...data, messageId: uuidv7() as never } : data);
      });
    },
  },
  {
    name: 'that forgets the order of writing when it starts',
    says: /came after/,
    plant: () => {
      const load = Reflect.get(Outbox.prototype, 'load');
      vi.spyOn(Outbox.prototype, 'load').mockImplementation(function (this: Outbox, messages) {
        load.call(
          this,
          messages.map((message) => ({ ...message, order: -message.order })),
        );
      });
    },
  },
  {
    name: 'that works without having the lock',
    says: /sockets are open|says connecting/,
    plant: () =>
      void vi.spyOn(FakeLocks.prototype, 'acquire').mockImplementation(() => Promise.resolve(() => undefined)),
  },
  {
    name: 'that does not tell every tab',
    says: /tab-\d+('s| shows| still| counts| says)/,
    plant: () => {
      let told = 0;
      const publish = Reflect.get(Hub.prototype, 'publish');
      vi.spyOn(Hub.prototype, 'publish').mockImplementation(function (this: Hub, patch, audience) {
        if (patch.kind !== 'unsent' || ++told % 5 > 0) publish.call(this, patch, audience);
      });
    },
  },
];

test.each(FAULTS)('an engine $name is found out', { timeout: 120_000 }, async ({ plant, says }) => {
  plant();
  const failure = await fuzz({ steps: 4_000, seed: 1, shrink: false }).catch((reason: unknown) => reason);
  expect(failure).toBeInstanceOf(Error);
  expect(String((failure as Error).cause)).toMatch(says);
});
