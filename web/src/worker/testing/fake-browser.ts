import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import type { OwnUser, UserId } from '@parley/protocol';
import type { Random } from '../../domain/clock.ts';
import { Engine } from '../engine.ts';
import { engineLock, tabLock } from '../lock.ts';
import type { EngineMessage } from '../messages.ts';
import { Tab, type EnginePort } from '../tab.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeLocks } from './fake-locks.ts';
import { FakeServer } from './fake-server.ts';
import { FakeTab } from './fake-tab.ts';

export const ada: OwnUser = { userId: 'ada' as UserId, displayName: 'Ada', email: 'ada@example.org' };
export const bob = { userId: 'bob' as UserId, displayName: 'Bob' };

export interface OpenTab {
  readonly tabId: string;
  readonly tab: Tab;
  readonly view: FakeTab;
}

/** A browser with an engine in it, its clock, its locks and its database, and the server at the other end. */
export class FakeBrowser {
  readonly clock = new FakeClock();
  readonly locks = new FakeLocks();
  readonly server = new FakeServer(ada);
  /** What Math.random gives; 0.5 where a test does not care. */
  random: Random = () => 0.5;
  isOffline = false;
  engine: Engine;
  #life = new AbortController();
  #tabs = 0;
  #ports = new Set<(message: EngineMessage) => void>();

  constructor() {
    globalThis.indexedDB = new IDBFactory();
    this.engine = this.#startEngine();
  }

  async openTab(user = ada): Promise<OpenTab> {
    const tabId = `tab-${++this.#tabs}`;
    const view = new FakeTab();
    const openPort = (receive: (message: EngineMessage) => void) => this.#openPort(receive);
    const tab = new Tab({ tabId, user, locks: this.locks, openPort, isVisible: () => true }, view);
    await settle();
    return { tabId, tab, view };
  }

  /** The tab's process dies: nothing more is said, and the browser frees its lock. */
  async crashTab({ tabId }: OpenTab): Promise<void> {
    this.locks.breakHolder(tabLock(tabId));
    await settle();
  }

  /** The worker dies and another starts, as after a crash or as Safari does; ports stay. */
  async restartEngine(): Promise<void> {
    this.#life.abort();
    this.server.cut();
    this.locks.breakHolder(engineLock(ada.userId));
    this.engine = this.#startEngine();
    await settle();
  }

  /** A second engine starts while the first works; tabs that come from now on reach the second. */
  async startEngineBeside(): Promise<void> {
    this.engine = this.#startEngine();
    await settle();
  }

  /** The engine says something to all ports, as it does when it starts where tabs reach it by a channel. */
  announceEngine(): void {
    for (const receive of this.#ports) receive({ kind: 'patches', engineId: this.engine.engineId, patches: [] });
  }

  #startEngine(): Engine {
    const { clock } = this;
    const { signal } = (this.#life = new AbortController());
    return new Engine({
      userId: ada.userId,
      clock: {
        now: () => clock.now(),
        after: (ms, run) => clock.after(ms, () => !signal.aborted && run()),
      },
      locks: this.locks,
      openSocket: this.server.openSocket,
      random: () => this.random(),
      upload: (image) => (signal.aborted ? new Promise(() => undefined) : this.server.upload(image)),
      readSession: () => Promise.resolve(this.server.session),
      isOffline: () => this.isOffline,
    });
  }

  /** A port that copies what goes through it, as the browser's do. */
  #openPort(receive: (message: EngineMessage) => void): EnginePort {
    const accepted = new Map<Engine, ReturnType<Engine['accept']>>();
    const post = (message: EngineMessage): void => {
      const copy = structuredClone(message);
      queueMicrotask(() => receive(copy));
    };
    this.#ports.add(receive);
    return {
      post: (message) => {
        const { engine } = this;
        const say = accepted.get(engine) ?? engine.accept((answer) => this.engine === engine && post(answer));
        accepted.set(engine, say);
        say(structuredClone(message));
      },
      close: () => void this.#ports.delete(receive),
    };
  }
}
