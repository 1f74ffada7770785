import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import type { OwnUser, UserId } from '@parley/protocol';
import type { Random } from '../../domain/clock.ts';
import type { Engine } from '../engine.ts';
import { tabLock } from '../lock.ts';
import type { EngineMessage, TabMessage } from '../messages.ts';
import { Tab, type EnginePort } from '../tab.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeLocks } from './fake-locks.ts';
import { FakeServer } from './fake-server.ts';
import { FakeTab } from './fake-tab.ts';
import { FakeChannels, FakeWorker } from './fake-worker.ts';

export const ada: OwnUser = { userId: 'ada' as UserId, displayName: 'Ada', email: 'ada@example.org' };
export const bob = { userId: 'bob' as UserId, displayName: 'Bob' };

const OLDEST_BUILD = 1;

export interface OpenTab {
  readonly tabId: string;
  readonly tab: Tab;
  readonly view: FakeTab;
  /** Another tab comes before it, or its window is minimised. */
  readonly hide: () => void;
  /** The process that the tab lives in dies. */
  readonly crash: () => void;
}

/** A browser with an engine for each build in it, its clock, its locks and its database, and the server at the other end. */
export class FakeBrowser {
  readonly clock = new FakeClock();
  readonly locks = new FakeLocks();
  readonly server = new FakeServer(ada);
  /** What Math.random gives; 0.5 where a test does not care. */
  random: Random = () => 0.5;
  isOffline = false;
  readonly #channels = new FakeChannels();
  readonly #workers = new Map<number, FakeWorker>();
  readonly #ports = new Set<(message: EngineMessage) => void>();
  #tabs = 0;

  constructor() {
    globalThis.indexedDB = this.#watchedFactory();
    this.#worker(OLDEST_BUILD);
  }

  get engine(): Engine {
    return this.#worker(OLDEST_BUILD).engine;
  }

  /** The engine that said last that it works. */
  get engineId(): string {
    return this.#channels.lastStarted;
  }

  async openTab(user = ada, build = OLDEST_BUILD): Promise<OpenTab> {
    const tabId = `tab-${++this.#tabs}`;
    const view = new FakeTab();
    const life = new AbortController();
    let visible = true;
    const tab = new Tab(
      {
        ...{ tabId, user, locks: this.locks, isVisible: () => visible },
        openPort: (receive) => this.#openPort(build, life.signal, receive),
        after: (ms, run) => this.clock.after(ms, () => !life.signal.aborted && run()),
      },
      view,
    );
    await settle();
    const hide = (): void => {
      visible = false;
      tab.visibilityChanged();
    };
    return { tabId, tab, view, hide, crash: () => life.abort() };
  }

  /** The tab's process dies: nothing more is said, and the browser frees its lock. */
  async crashTab({ tabId, crash }: OpenTab): Promise<void> {
    crash();
    this.locks.breakHolder(tabLock(tabId));
    await settle();
  }

  /** The worker dies; the next one starts when a tab opens a port. */
  async killEngine(build = OLDEST_BUILD): Promise<void> {
    this.#workers.get(build)?.kill();
    await settle();
  }

  /** The worker dies and another starts, as after a crash or as Safari does; ports stay. */
  async restartEngine(build = OLDEST_BUILD): Promise<void> {
    this.#workers.get(build)?.kill();
    this.#worker(build);
    await settle();
  }

  /** The engine says something to all ports, as it does when it starts where tabs reach it by a channel. */
  announceEngine(): void {
    for (const receive of this.#ports) receive({ kind: 'patches', engineId: this.engineId, patches: [] });
  }

  #worker(build: number): FakeWorker {
    const known = this.#workers.get(build);
    if (known?.isAlive) return known;
    const { clock, locks, server } = this;
    const worker: FakeWorker = new FakeWorker({
      ...{ userId: ada.userId, build, clock, locks, channels: this.#channels },
      openSocket: server.openSocket,
      random: () => this.random(),
      upload: (image) => server.upload(image),
      readSession: () => Promise.resolve(server.session),
      isOffline: () => this.isOffline,
    });
    this.#workers.set(build, worker);
    return worker;
  }

  #watchedFactory(): IDBFactory {
    const factory = new IDBFactory();
    const open = factory.open.bind(factory);
    factory.open = (name, version) => {
      const owner = [...this.#workers.values()].find(({ isWorking }) => isWorking);
      const request = open(name, version);
      request.addEventListener('success', () => owner?.owns(request.result));
      return request;
    };
    return factory;
  }

  /** A port that copies what goes through it, as the browser's do. */
  #openPort(build: number, life: AbortSignal, receive: (message: EngineMessage) => void): EnginePort {
    const accepted = new Map<FakeWorker, (message: TabMessage) => void>();
    let isOpen = true;
    const hear = (message: EngineMessage): void => {
      if (isOpen && !life.aborted) receive(message);
    };
    const post = (message: EngineMessage): void => {
      const copy = structuredClone(message);
      queueMicrotask(() => hear(copy));
    };
    this.#ports.add(hear);
    this.#worker(build);
    return {
      post: (message) => {
        const worker = this.#workers.get(build);
        if (!worker?.isAlive || !isOpen || life.aborted) return;
        const say = accepted.get(worker) ?? worker.accept(post);
        accepted.set(worker, say);
        say(structuredClone(message));
      },
      close: () => {
        isOpen = false;
        this.#ports.delete(hear);
      },
    };
  }
}
