import type { OwnUser, RoomId, WireError } from '@parley/protocol';
import type { Cancel } from '../../domain/clock.ts';
import { tabLock, type Locks, type Release } from '../protocol/locks.ts';
import type { EngineMessage, Intent, Intents, Patch, Snapshot, TabMessage } from '../protocol/messages.ts';

/** An intent was refused, with the wire's error. */
export class IntentError extends Error {
  override readonly name = 'IntentError';
  readonly error: WireError;

  constructor(error: WireError) {
    super(error.message);
    this.error = error;
  }
}

/** How long an engine may take to answer a ping. */
const PING_TIMEOUT_MS = 3_000;
/** How often a tab pings: it would not notice otherwise that its engine ended. */
const PING_INTERVAL_MS = 15_000;

export interface EngineListener {
  /** The whole state, once from each new engine. The client opens open rooms again by itself. */
  onSnapshot(snapshot: Snapshot): void;
  onPatches(patches: readonly Patch[]): void;
}

/** The tab's end of the port to the engine. */
export interface EnginePort {
  post(message: TabMessage): void;
  close(): void;
}

export interface TabEnvironment {
  readonly tabId: string;
  readonly user: OwnUser;
  readonly locks: Locks;
  /** @param receive called with the engine's messages */
  readonly openPort: (receive: (message: EngineMessage) => void) => EnginePort;
  readonly isVisible: () => boolean;
  /** Runs once after so many milliseconds, unless cancelled. */
  readonly after: (ms: number, run: () => void) => Cancel;
  /** Runs once before the next frame, or a little later if no frame is drawn. */
  readonly beforeFrame: (run: () => void) => void;
}

interface Pending {
  readonly message: TabMessage;
  resolve(ok: unknown): void;
  reject(failure: IntentError): void;
}

/** A tab's side of the protocol: sends a hello to each new engine, and keeps intents until they are answered. */
export class Tab {
  readonly #environment: TabEnvironment;
  readonly #listener: EngineListener;
  #port: EnginePort;
  readonly #pending = new Map<number, Pending>();
  /** The open rooms; `atEnd`: the tab shows only the end of the log. */
  readonly #openRooms = new Map<RoomId, { atEnd: boolean }>();
  /** The users whose presence this tab shows. */
  #watched: Intents['watch_presence']['data'] | null = null;
  readonly #closing = new AbortController();
  #lastRequestId = 0;
  #isLocked = false;
  /** null: no hello was answered yet. */
  #engineId: string | null = null;
  /** The engine that the last hello went to, so that several announcements of one engine cause one hello. */
  #helloSentTo: string | null = null;
  #cancelPingTimeout: Cancel | null = null;
  /** Patches that wait for the next frame; null: the next patch is delivered at once. */
  #held: Patch[] | null = null;

  constructor(environment: TabEnvironment, listener: EngineListener) {
    this.#environment = environment;
    this.#listener = listener;
    this.#port = this.#openPort();
    void this.#connect();
  }

  request<I extends Intent>(intent: I, data: Intents[I]['data']): Promise<Intents[I]['ok']> {
    return new Promise<unknown>((resolve, reject) => {
      this.#remember(intent, data);
      const requestId = ++this.#lastRequestId;
      const message = { kind: 'intent', requestId, intent, data } as TabMessage;
      this.#pending.set(requestId, { message, resolve, reject });
      if (this.#engineId !== null) this.#port.post(message);
      this.check();
    }) as Promise<Intents[I]['ok']>;
  }

  visibilityChanged(): void {
    this.#deliver();
    this.#port.post({ kind: 'visibility', visible: this.#environment.isVisible() });
    this.check();
  }

  /**
   * Checks that the same engine is still alive: browsers end and restart workers without an event, and a page that was
   * frozen may have missed messages. An engine that does not answer is started again.
   */
  check(): void {
    if (this.#cancelPingTimeout || this.#closing.signal.aborted) return;
    this.#port.post({ kind: 'ping' });
    this.#cancelPingTimeout = this.#environment.after(PING_TIMEOUT_MS, () => {
      this.#cancelPingTimeout = null;
      this.#reopen();
    });
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#port.post({ kind: 'bye' });
    this.#closing.abort();
    this.#cancelPingTimeout?.();
    this.#port.close();
  }

  #openPort(): EnginePort {
    const port: EnginePort = this.#environment.openPort((message) => {
      if (this.#port === port) this.#receive(message);
    });
    return port;
  }

  #reopen(): void {
    this.#port.close();
    this.#port = this.#openPort();
    this.#helloSentTo = null;
    if (this.#isLocked) this.#sendHello();
    this.check();
  }

  /** Takes the lock before the first hello: an engine that acquires it knows that this tab has closed. */
  async #connect(): Promise<void> {
    const { locks, tabId } = this.#environment;
    const release: Release = await locks.acquire(tabLock(tabId));
    if (this.#closing.signal.aborted) return release();
    this.#closing.signal.addEventListener('abort', release);
    this.#isLocked = true;
    this.#sendHello();
    this.#pingRegularly();
  }

  #pingRegularly(): void {
    if (this.#closing.signal.aborted) return;
    this.#helloSentTo = null;
    this.check();
    this.#environment.after(PING_INTERVAL_MS, () => this.#pingRegularly());
  }

  #sendHello(): void {
    const { tabId, user, isVisible } = this.#environment;
    this.#engineId = null;
    this.#port.post({ kind: 'hello', tabId, user, visible: isVisible() });
  }

  #receive(message: EngineMessage): void {
    if (this.#closing.signal.aborted) return;
    this.#cancelPingTimeout?.();
    this.#cancelPingTimeout = null;
    // Held patches are older than this message.
    if (message.kind !== 'patches') this.#deliver();
    switch (message.kind) {
      case 'snapshot':
        return this.#receiveSnapshot(message.snapshot);
      case 'patches':
        return this.#receivePatches(message);
      case 'answer':
        return this.#settle(message.requestId)?.resolve(message.ok);
      case 'refusal':
        return this.#settle(message.requestId)?.reject(new IntentError(message.error));
    }
  }

  #receivePatches({ engineId, patches, isStranger }: Extract<EngineMessage, { kind: 'patches' }>): void {
    const reload = patches.find((patch) => patch.kind === 'reload');
    if (engineId === this.#engineId && !isStranger) {
      // At once: the next engine's snapshot may come before the next frame.
      return reload ? this.#listener.onPatches([reload]) : this.#deliverEachFrame(patches);
    }
    if (engineId === this.#helloSentTo || !this.#isLocked) return;
    this.#helloSentTo = engineId;
    if (reload) return this.#listener.onPatches([reload]);
    this.#sendHello();
    // The announcement may have come over the channel, from another worker than the port's.
    this.check();
  }

  /** Delivers patches once a frame; a hidden page, which has no frames, gets them at once. */
  #deliverEachFrame(patches: readonly Patch[]): void {
    if (this.#held && this.#environment.isVisible()) this.#held.push(...patches);
    else {
      this.#deliver();
      this.#listener.onPatches(patches);
      this.#awaitFrame();
    }
  }

  #awaitFrame(): void {
    if (this.#held) return;
    this.#held = [];
    this.#environment.beforeFrame(() => {
      const wasBusy = this.#held !== null && this.#held.length > 0;
      this.#deliver();
      this.#held = null;
      if (wasBusy) this.#awaitFrame();
    });
  }

  #deliver(): void {
    const held = this.#held?.splice(0) ?? [];
    // The stores may belong to another user by now.
    if (held.length > 0 && !this.#closing.signal.aborted) this.#listener.onPatches(held);
  }

  /** A new engine needs the open rooms, the shown users and the unanswered intents. */
  #receiveSnapshot(snapshot: Snapshot): void {
    this.#engineId = snapshot.engineId;
    this.#helloSentTo = null;
    this.#listener.onSnapshot(snapshot);
    const waiting = [...this.#pending.values()].map(({ message }) => message);
    for (const [roomId, { atEnd }] of this.#openRooms) {
      if (waiting.some((message) => opens(message, roomId))) continue;
      void this.request('open_room', { roomId });
      if (atEnd) void this.request('set_at_end', { roomId, atEnd });
    }
    const isWaiting = waiting.some((message) => message.kind === 'intent' && message.intent === 'watch_presence');
    if (this.#watched && !isWaiting) void this.request('watch_presence', this.#watched);
    for (const message of waiting) this.#port.post(message);
  }

  #settle(requestId: number): Pending | undefined {
    const pending = this.#pending.get(requestId);
    this.#pending.delete(requestId);
    return pending;
  }

  #remember<I extends Intent>(intent: I, data: Intents[I]['data']): void {
    if (intent === 'watch_presence') this.#watched = data as Intents['watch_presence']['data'];
    if (!('roomId' in data) || data.roomId === undefined) return;
    if (intent === 'open_room') this.#openRooms.set(data.roomId, { atEnd: false });
    if (intent === 'set_at_end') {
      const { roomId, atEnd } = data as Intents['set_at_end']['data'];
      if (this.#openRooms.has(roomId)) this.#openRooms.set(roomId, { atEnd });
    }
    if (intent === 'close_room') this.#openRooms.delete(data.roomId);
  }
}

const opens = (message: TabMessage, roomId: RoomId): boolean =>
  message.kind === 'intent' && message.intent === 'open_room' && message.data.roomId === roomId;
