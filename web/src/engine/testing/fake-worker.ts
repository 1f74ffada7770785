import type { UserId } from '@parley/protocol';
import type { EngineEnvironment } from '../worker/engine-modules.ts';
import type { Channel, ChannelMessage } from '../protocol/channel.ts';
import { Engine } from '../worker/engine.ts';
import { engineLock } from '../protocol/locks.ts';
import type { Post } from '../worker/tab-registry.ts';
import type { TabMessage } from '../protocol/messages.ts';
import { WorkerLocks, type FakeLocks } from './fake-locks.ts';

/** A browser's broadcast channels of one name. */
export class FakeChannels {
  readonly #open = new Set<Channel>();
  /** The last engine that announced itself. */
  lastStarted = '';

  open(): Channel & { close(): void } {
    const channel = {
      onmessage: null as Channel['onmessage'],
      postMessage: (message: ChannelMessage): void => {
        if (!this.#open.has(channel)) return;
        if ('started' in message) this.lastStarted = message.started;
        for (const other of this.#open) {
          const data = structuredClone(message);
          if (other !== channel) queueMicrotask(() => this.#open.has(other) && deliver(other, data));
        }
      },
      close: () => void this.#open.delete(channel),
    };
    this.#open.add(channel);
    return channel;
  }
}

const deliver = (channel: Channel, data: ChannelMessage): void =>
  channel.onmessage?.(new MessageEvent('message', { data }));

type Outside = Omit<EngineEnvironment, 'locks' | 'openChannel'>;

export interface FakeWorkerEnvironment extends Outside {
  readonly userId: UserId;
  readonly locks: FakeLocks;
  readonly channels: FakeChannels;
}

/** A worker with an engine in it, which can be killed between any two things it does. */
export class FakeWorker {
  readonly engine: Engine;
  readonly #locks: WorkerLocks;
  readonly #userId: UserId;
  readonly #life = new AbortController();
  readonly #databases = new Set<IDBDatabase>();

  constructor({ locks, channels, ...outside }: FakeWorkerEnvironment) {
    this.#userId = outside.userId;
    const { signal } = this.#life;
    const { clock, openSocket, upload } = outside;
    const channel = channels.open();
    const ownLocks = (this.#locks = new WorkerLocks(locks));
    signal.addEventListener('abort', () => {
      for (const database of this.#databases) database.close();
      channel.close();
      ownLocks.die();
    });
    this.engine = new Engine({
      ...outside,
      locks: ownLocks,
      openChannel: () => channel,
      clock: { now: () => clock.now(), after: (ms, run) => clock.after(ms, () => !signal.aborted && run()) },
      upload: (image) => (signal.aborted ? new Promise(() => undefined) : upload(image)),
      openSocket: (listener) => {
        if (signal.aborted) return { send: () => undefined, close: () => undefined };
        const socket = openSocket({
          opened: () => !signal.aborted && listener.opened(),
          received: (text) => !signal.aborted && listener.received(text),
          closed: (code) => !signal.aborted && listener.closed(code),
        });
        signal.addEventListener('abort', () => socket.close(1006));
        return { send: (text) => !signal.aborted && socket.send(text), close: (code) => socket.close(code) };
      },
    });
  }

  get isAlive(): boolean {
    return !this.#life.signal.aborted;
  }

  accept(post: Post): (message: TabMessage) => void {
    const receive = this.engine.accept((message) => this.isAlive && post(message));
    return (message) => this.isAlive && receive(message);
  }

  /** Whether this worker's engine holds the lock, so that it opens the user's database. */
  isWorkingOn(database: string): boolean {
    const isOwn = database === `parley-${this.#userId}`;
    return isOwn && this.isAlive && this.#locks.holds(engineLock(this.#userId));
  }

  /** A database that this worker has opened, which is closed when it dies. */
  owns(database: IDBDatabase): void {
    if (this.isAlive) this.#databases.add(database);
    else database.close();
  }

  kill(): void {
    this.#life.abort();
  }
}
