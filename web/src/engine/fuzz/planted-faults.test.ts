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
const FAULTS: readonly { name: string; message: RegExp; plant: () => void }[] = [
  {
    name: 'that acknowledges a message before it is stored',
    message: /m\d+, which was kept, is nowhere/,
    plant: () => void vi.spyOn(Database.prototype, 'storeMessage').mockResolvedValue(),
  },
  {
    name: 'that gives a message another id when it sends it again',
    message: /in the log 2 times|is nowhere/,
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
    message: /came after/,
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
    message: /sockets are open|'s connection|is connecting|is in the log 2 times/,
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
    name: 'that publishes to some tabs only',
    message: /tab-\d+('s| shows| still| counts| is)/,
    plant: () => {
      let published = 0;
      const publish = Reflect.get(TabRegistry.prototype, 'publish');
      vi.spyOn(TabRegistry.prototype, 'publish').mockImplementation(function (this: TabRegistry, patch, audience) {
        if (patch.kind !== 'unsent' || ++published % 5 > 0) publish.call(this, patch, audience);
      });
    },
  },
  {
    name: 'that acknowledges a draft before it is stored',
    message: /w\d+, which was kept, is nowhere/,
    plant: () => void vi.spyOn(Database.prototype, 'saveDraft').mockResolvedValue(),
  },
  {
    name: 'that names an attachment and does not store it',
    message: /The image i\d+, which was kept, is nowhere/,
    plant: () => {
      const saveDraft = Reflect.get(Database.prototype, 'saveDraft');
      vi.spyOn(Database.prototype, 'addDraftAttachment').mockImplementation(function (this: Database, roomId, draft) {
        return saveDraft.call(this, roomId, draft);
      });
    },
  },
  {
    name: 'that does not delete attachments of sent messages',
    message: /is stored, and nothing names it/,
    plant: () => {
      const deleteMessage = Reflect.get(Database.prototype, 'deleteMessage');
      vi.spyOn(Database.prototype, 'deleteMessage').mockImplementation(function (this: Database, message) {
        return deleteMessage.call(this, { ...message, images: [] });
      });
    },
  },
  {
    name: 'that sends a deleted message after a restart',
    message: /was deleted, and is in the log/,
    plant: () => void vi.spyOn(Database.prototype, 'deleteMessage').mockResolvedValue(),
  },
  {
    name: "that does not check the session's user",
    message: /Eve has|sockets are open/,
    plant: () => {
      const command = Reflect.get(Link.prototype, 'command');
      vi.spyOn(Link.prototype, 'command').mockImplementation(function (this: Link, action, data, resolve, reject) {
        const { userId: _, ...anybody } = { userId: null, ...data };
        command.call(this, action, anybody as never, resolve as never, reject);
      });
    },
  },
  {
    name: 'that does not report a full disk',
    message: /which was kept, is nowhere|'s storage/,
    plant: () => {
      const publish = Reflect.get(TabRegistry.prototype, 'publish');
      vi.spyOn(TabRegistry.prototype, 'publish').mockImplementation(function (this: TabRegistry, patch, audience) {
        if (patch.kind !== 'storage') publish.call(this, patch, audience);
      });
    },
  },
  {
    name: 'that shows a draft in some tabs only',
    message: /'s (draft|images) in/,
    plant: () => {
      let published = 0;
      const publish = Reflect.get(TabRegistry.prototype, 'publish');
      vi.spyOn(TabRegistry.prototype, 'publish').mockImplementation(function (this: TabRegistry, patch, audience) {
        const isDropped = (patch.kind === 'draft' || patch.kind === 'draft_images') && (published += 1) % 3 === 0;
        publish.call(this, patch, isDropped ? { kind: 'tab', tabId: 'none' } : audience);
      });
    },
  },
];

test.each(FAULTS)('detects an engine $name', { timeout: 120_000 }, async ({ plant, message }) => {
  plant();
  const failure = await fuzz({ steps: 4_000, seed: 2, shrink: false }).catch((reason: unknown) => reason);
  expect(failure).toBeInstanceOf(Error);
  expect(String((failure as Error).cause)).toMatch(message);
});
