import { afterEach, expect, test, vi } from 'vitest';
import { uuidv7 } from '../../domain/ids.ts';
import { ServerConnection } from '../worker/server-connection.ts';
import { Database } from '../worker/database.ts';
import { TabRegistry } from '../worker/tab-registry.ts';
import { Link } from '../worker/link.ts';
import { Outbox } from '../worker/outbox.ts';
import { WorkerLocks } from '../testing/fake-locks.ts';
import { fuzz } from './run.ts';

afterEach(() => vi.restoreAllMocks());

/** Faults that an engine might have, each with the error that the fuzz reports. */
const FAULTS: readonly { name: string; says: RegExp; plant: () => void }[] = [
  {
    name: 'that says stored before it is',
    says: /m\d+, which was kept, is nowhere/,
    plant: () => void vi.spyOn(Database.prototype, 'storeMessage').mockResolvedValue(),
  },
  {
    name: 'that gives a message another id when it sends it again',
    says: /in the log 2 times|is nowhere/,
    plant: () => {
      const request = Reflect.get(ServerConnection.prototype, 'request');
      vi.spyOn(ServerConnection.prototype, 'request').mockImplementation(function (
        this: ServerConnection,
        action,
        data,
      ) {
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
    says: /sockets are open|'s connection|says connecting|is in the log 2 times/,
    // Limited: two engines that always acquire the lock would give way to each other for ever in microtasks.
    plant: () => {
      const acquire = Reflect.get(WorkerLocks.prototype, 'acquire');
      const times = new WeakMap<WorkerLocks, number>();
      vi.spyOn(WorkerLocks.prototype, 'acquire').mockImplementation(function (this: WorkerLocks, name, options) {
        const before = times.get(this) ?? 0;
        if (before >= 5) return acquire.call(this, name, options);
        times.set(this, before + 1);
        return Promise.resolve(() => undefined);
      });
    },
  },
  {
    name: 'that does not tell every tab',
    says: /tab-\d+('s| shows| still| counts| says)/,
    plant: () => {
      let told = 0;
      const publish = Reflect.get(TabRegistry.prototype, 'publish');
      vi.spyOn(TabRegistry.prototype, 'publish').mockImplementation(function (this: TabRegistry, patch, audience) {
        if (patch.kind !== 'unsent' || ++told % 5 > 0) publish.call(this, patch, audience);
      });
    },
  },
  {
    name: 'that says a draft is stored before it is',
    says: /w\d+, which was kept, is nowhere/,
    plant: () => void vi.spyOn(Database.prototype, 'saveDraft').mockResolvedValue(),
  },
  {
    name: 'that names an image and does not store it',
    says: /The image i\d+, which was kept, is nowhere/,
    plant: () => {
      const saveDraft = Reflect.get(Database.prototype, 'saveDraft');
      vi.spyOn(Database.prototype, 'addDraftAttachment').mockImplementation(function (this: Database, roomId, draft) {
        return saveDraft.call(this, roomId, draft);
      });
    },
  },
  {
    name: 'that leaves images behind when they have been sent',
    says: /is stored, and nothing names it/,
    plant: () => {
      const deleteMessage = Reflect.get(Database.prototype, 'deleteMessage');
      vi.spyOn(Database.prototype, 'deleteMessage').mockImplementation(function (this: Database, message) {
        return deleteMessage.call(this, { ...message, images: [] });
      });
    },
  },
  {
    name: 'that sends what was deleted when it starts again',
    says: /was deleted, and is in the log/,
    plant: () => void vi.spyOn(Database.prototype, 'deleteMessage').mockResolvedValue(),
  },
  {
    name: 'that does not look whose session it is',
    says: /Eve has|sockets are open/,
    plant: () => {
      const command = Reflect.get(Link.prototype, 'command');
      vi.spyOn(Link.prototype, 'command').mockImplementation(function (this: Link, action, data, resolve, reject) {
        const { userId: _, ...anybody } = { userId: null, ...data };
        command.call(this, action, anybody as never, resolve as never, reject);
      });
    },
  },
  {
    name: 'that keeps it to itself when the disk is full',
    says: /which was kept, is nowhere|'s storage/,
    plant: () => {
      const publish = Reflect.get(TabRegistry.prototype, 'publish');
      vi.spyOn(TabRegistry.prototype, 'publish').mockImplementation(function (this: TabRegistry, patch, audience) {
        if (patch.kind !== 'storage') publish.call(this, patch, audience);
      });
    },
  },
  {
    name: 'that shows a draft in some tabs only',
    says: /'s (draft|images) in/,
    plant: () => {
      let told = 0;
      const publish = Reflect.get(TabRegistry.prototype, 'publish');
      vi.spyOn(TabRegistry.prototype, 'publish').mockImplementation(function (this: TabRegistry, patch, audience) {
        const isDropped = (patch.kind === 'draft' || patch.kind === 'draft_images') && (told += 1) % 3 === 0;
        publish.call(this, patch, isDropped ? { kind: 'tab', tabId: 'nobody' } : audience);
      });
    },
  },
];

test.each(FAULTS)('an engine $name is found out', { timeout: 120_000 }, async ({ plant, says }) => {
  plant();
  const failure = await fuzz({ steps: 4_000, seed: 2, shrink: false }).catch((reason: unknown) => reason);
  expect(failure).toBeInstanceOf(Error);
  expect(String((failure as Error).cause)).toMatch(says);
});
