import { uuidv7 } from '../domain/ids.ts';
import { assemble, type EngineEnvironment } from './assembly.ts';
import type { Post } from './hub.ts';
import { engineLock } from './lock.ts';
import type { TabMessage } from './messages.ts';

/**
 * The one program behind all tabs of a person in this browser: one connection, one outbox, one state, of which tabs
 * are sent snapshots and patches. It works only while it holds the person's engine lock.
 */
export class Engine {
  readonly engineId = uuidv7();
  readonly #parts: ReturnType<typeof assemble>;
  readonly #started: Promise<() => void>;

  constructor(environment: EngineEnvironment) {
    this.#parts = assemble(environment, this.engineId);
    this.#started = this.#start(environment);
  }

  /** A port to a tab: what the tab says is given to the returned function, what it is told goes to `post`. */
  accept(post: Post): (message: TabMessage) => void {
    return (message) => void this.#started.then(() => this.#parts.hub.receive(post, message));
  }

  /** Resolves once it holds the lock and has read what was left unsent. */
  async started(): Promise<void> {
    await this.#started;
  }

  /** The browser has its network back. */
  networkIsBack(): void {
    this.#parts.connection.tryNow();
  }

  /** Stops working and lets another engine take over. */
  async stop(): Promise<void> {
    const release = await this.#started;
    this.#parts.connection.stop();
    this.#parts.cache.stop();
    this.#parts.database.close();
    release();
  }

  async #start({ locks, userId }: EngineEnvironment): Promise<() => void> {
    const { database, hub, load } = this.#parts;
    const release = await locks.acquire(engineLock(userId));
    const stored = await database.open(() => {
      hub.publish({ kind: 'reload' });
      void this.stop();
    });
    load(stored);
    return release;
  }
}
