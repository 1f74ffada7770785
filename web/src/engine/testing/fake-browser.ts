import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import type { OwnUser, UserId } from '@parley/protocol';
import type { Random } from '../../domain/clock.ts';
import type { Engine } from '../worker/engine.ts';
import { tabLock } from '../protocol/locks.ts';
import type { EngineMessage, TabMessage } from '../protocol/messages.ts';
import { Tab, type EnginePort } from '../page/tab.ts';
import type { Upload } from '../worker/uploads.ts';
import { refusal } from '../worker/failures.ts';
import type { OpenSocket } from '../worker/link.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeDisk } from './fake-disk.ts';
import { FakeLocks } from './fake-locks.ts';
import { FakeServer } from './fake-server.ts';
import { FakeTab } from './fake-tab.ts';
import { FakeChannels, FakeWorker } from './fake-worker.ts';

export const ada: OwnUser = { userId: 'ada' as UserId, displayName: 'Ada', email: 'ada@example.org' };
export const bob = { userId: 'bob' as UserId, displayName: 'Bob' };
/** Another user of the same browser. */
export const eve: OwnUser = { userId: 'eve' as UserId, displayName: 'Eve', email: 'eve@example.org' };

const OLDEST_BUILD = 1;

export interface OpenTab {
  readonly tabId: string;
  readonly tab: Tab;
  readonly view: FakeTab;
  /** Another tab covers it, or its window is minimised. */
  readonly hide: () => void;
  /** The process that the tab lives in dies. */
  readonly crash: () => void;
  /** Whether the worker that it sent its hello to is alive. */
  readonly isConnected: () => boolean;
}

/** A browser with an engine for each build in it, its clock, its locks and its database, and the server at the other end. */
export class FakeBrowser {
  readonly clock = new FakeClock();
  readonly locks = new FakeLocks();
  readonly server = new FakeServer(ada);
  /** The same server for Eve's session. */
  readonly serverOfEve = new FakeServer(eve);
  readonly disk: FakeDisk;
  /** The result of Math.random. */
  random: Random = () => 0.5;
  isOffline = false;
  readonly #channels = new Map<UserId, FakeChannels>();
  readonly #workers = new Map<string, FakeWorker>();
  readonly #ports = new Set<(message: EngineMessage) => void>();
  #tabs = 0;

  constructor() {
    const factory = new IDBFactory();
    this.disk = new FakeDisk(factory);
    globalThis.indexedDB = this.#watched(factory);
    this.#worker(OLDEST_BUILD);
  }

  get engine(): Engine {
    return this.#worker(OLDEST_BUILD).engine;
  }

  /** The last engine that announced itself. */
  get engineId(): string {
    return this.#channelsOf(ada).lastStarted;
  }

  /** @param owner the user of the page and of its engine */
  async openTab(user = ada, build = OLDEST_BUILD, owner = user): Promise<OpenTab> {
    const tabId = `tab-${++this.#tabs}`;
    const view = new FakeTab();
    const life = new AbortController();
    let visible = true;
    let greeted: FakeWorker | undefined;
    const tab = new Tab(
      {
        ...{ tabId, user, locks: this.locks, isVisible: () => visible },
        openPort: (receive) =>
          this.#openPort({ user: owner, build, life: life.signal, greets: (worker) => (greeted = worker) }, receive),
        after: (ms, run) => this.clock.after(ms, () => !life.signal.aborted && run()),
        beforeFrame: (run) => run(),
      },
      view,
    );
    await settle();
    const hide = (): void => {
      visible = false;
      tab.visibilityChanged();
    };
    return { tabId, tab, view, hide, crash: () => life.abort(), isConnected: () => greeted?.isAlive ?? false };
  }

  /** The tab's process dies: it sends nothing more, and the browser frees its lock. */
  async crashTab({ tabId, crash }: OpenTab): Promise<void> {
    crash();
    this.locks.breakHolder(tabLock(tabId));
    await settle();
  }

  /** The worker dies; the next one starts when a tab opens a port. */
  async killEngine(build = OLDEST_BUILD): Promise<void> {
    this.#known(build)?.kill();
    await settle();
  }

  /** The worker dies and another starts, as after a crash or as Safari does; ports stay. */
  async restartEngine(build = OLDEST_BUILD): Promise<void> {
    this.#known(build)?.kill();
    this.#worker(build);
    await settle();
  }

  /** The engine sends something to all ports, as when it starts where tabs reach it over the channel. */
  announceEngine(): void {
    for (const receive of this.#ports) receive({ kind: 'patches', engineId: this.engineId, patches: [] });
  }

  #known(build: number, { userId }: OwnUser = ada): FakeWorker | undefined {
    return this.#workers.get(`${userId} ${build}`);
  }

  #worker(build: number, user = ada): FakeWorker {
    const known = this.#known(build, user);
    if (known?.isAlive) return known;
    const { clock, locks, server } = this;
    const worker: FakeWorker = new FakeWorker({
      ...{ userId: user.userId, build, clock, locks, channels: this.#channelsOf(user) },
      openSocket: this.#openSocket,
      random: () => this.random(),
      upload: this.#uploadAs(user),
      readSession: () => Promise.resolve(server.session),
      isOffline: () => this.isOffline,
    });
    this.#workers.set(`${user.userId} ${build}`, worker);
    return worker;
  }

  #channelsOf({ userId }: OwnUser): FakeChannels {
    const channels = this.#channels.get(userId) ?? new FakeChannels();
    this.#channels.set(userId, channels);
    return channels;
  }

  /** Opens a socket for the session's user. */
  readonly #openSocket: OpenSocket = (listener) => this.#serverOfSession.openSocket(listener);

  get #serverOfSession(): FakeServer {
    const { session } = this.server;
    return session.kind === 'user' && session.userId === eve.userId ? this.serverOfEve : this.server;
  }

  /** Refuses uploads for any user but the session's. */
  #uploadAs({ userId }: OwnUser): Upload {
    return async (image) => {
      const server = this.#serverOfSession;
      if (server.user.userId !== userId) throw refusal('unauthenticated', 'The session is another one.');
      return server.upload(image);
    };
  }

  #watched(factory: IDBFactory): IDBFactory {
    const open = factory.open.bind(factory);
    factory.open = (name, version) => {
      const owner = [...this.#workers.values()].find((worker) => worker.isWorkingOn(name));
      const request = open(name, version);
      request.addEventListener('success', () => {
        this.disk.watch(request.result);
        owner?.owns(request.result);
      });
      return request;
    };
    return factory;
  }

  /** A port that clones messages, as browsers do. */
  #openPort(
    {
      user,
      build,
      life,
      greets,
    }: { user: OwnUser; build: number; life: AbortSignal; greets: (worker: FakeWorker) => void },
    receive: (message: EngineMessage) => void,
  ): EnginePort {
    const accepted = new Map<FakeWorker, (message: TabMessage) => void>();
    let isOpen = true;
    const deliver = (message: EngineMessage): void => {
      if (isOpen && !life.aborted) receive(message);
    };
    const post = (message: EngineMessage): void => {
      const copy = structuredClone(message);
      queueMicrotask(() => deliver(copy));
    };
    this.#ports.add(deliver);
    this.#worker(build, user);
    return {
      post: (message) => {
        const worker = this.#known(build, user);
        if (!worker?.isAlive || !isOpen || life.aborted) return;
        if (message.kind === 'hello') greets(worker);
        const receive = accepted.get(worker) ?? worker.accept(post);
        accepted.set(worker, receive);
        receive(structuredClone(message));
      },
      close: () => {
        isOpen = false;
        this.#ports.delete(deliver);
      },
    };
  }
}
