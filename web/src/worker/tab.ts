import type { OwnUser, RoomId, WireError } from '@parley/protocol';
import { tabLock, type Locks, type Release } from './lock.ts';
import type { EngineMessage, Intent, Intents, Patch, Snapshot, TabMessage } from './messages.ts';

/** Why an intent was refused, in the wire's words. */
export class IntentError extends Error {
  override readonly name = 'IntentError';
  readonly error: WireError;

  constructor(error: WireError) {
    super(error.message);
    this.error = error;
  }
}

export interface EngineListener {
  /** The whole state: at first, and again whenever the engine is a new one. Opened rooms are opened again by the client. */
  onSnapshot(snapshot: Snapshot): void;
  onPatches(patches: readonly Patch[]): void;
}

/** The tab's end of the way to the engine. */
export interface EnginePort {
  post(message: TabMessage): void;
  close(): void;
}

export interface TabEnvironment {
  readonly tabId: string;
  readonly user: OwnUser;
  readonly locks: Locks;
  /** @param receive given what the engine says */
  readonly openPort: (receive: (message: EngineMessage) => void) => EnginePort;
  readonly isVisible: () => boolean;
}

interface Pending {
  readonly message: TabMessage;
  resolve(ok: unknown): void;
  reject(failure: IntentError): void;
}

/** A tab's side of the conversation: says hello, and again to a new engine; keeps intents until they are answered. */
export class Tab {
  readonly #environment: TabEnvironment;
  readonly #listener: EngineListener;
  readonly #port: EnginePort;
  readonly #pending = new Map<number, Pending>();
  readonly #openRooms = new Set<RoomId>();
  readonly #closing = new AbortController();
  #lastRequestId = 0;
  #alive = false;
  /** null: hello was said and not answered, or not said yet. */
  #engineId: string | null = null;

  constructor(environment: TabEnvironment, listener: EngineListener) {
    this.#environment = environment;
    this.#listener = listener;
    this.#port = environment.openPort((message) => this.#receive(message));
    void this.#live();
  }

  request<I extends Intent>(intent: I, data: Intents[I]['data']): Promise<Intents[I]['ok']> {
    return new Promise<unknown>((resolve, reject) => {
      this.#remember(intent, data);
      const requestId = ++this.#lastRequestId;
      const message = { kind: 'intent', requestId, intent, data } as TabMessage;
      this.#pending.set(requestId, { message, resolve, reject });
      if (this.#engineId !== null) this.#port.post(message);
    }) as Promise<Intents[I]['ok']>;
  }

  visibilityChanged(): void {
    this.#port.post({ kind: 'visibility', visible: this.#environment.isVisible() });
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#port.post({ kind: 'bye' });
    this.#closing.abort();
    this.#port.close();
  }

  /** The lock is held before hello is said: an engine that gets it knows that this tab has ended. */
  async #live(): Promise<void> {
    const { locks, tabId } = this.#environment;
    const release: Release = await locks.acquire(tabLock(tabId));
    if (this.#closing.signal.aborted) return release();
    this.#closing.signal.addEventListener('abort', release);
    this.#alive = true;
    this.#greet();
  }

  #greet(): void {
    const { tabId, user, isVisible } = this.#environment;
    this.#engineId = null;
    this.#port.post({ kind: 'hello', tabId, user, visible: isVisible() });
  }

  #receive(message: EngineMessage): void {
    if (this.#closing.signal.aborted) return;
    switch (message.kind) {
      case 'snapshot':
        return this.#welcome(message.snapshot);
      case 'patches':
        if (message.engineId === this.#engineId) this.#listener.onPatches(message.patches);
        else if (message.patches.some(({ kind }) => kind === 'reload')) this.#listener.onPatches([{ kind: 'reload' }]);
        else if (this.#alive) this.#greet();
        return;
      case 'answer':
        return this.#settle(message.requestId)?.resolve(message.ok);
      case 'refusal':
        return this.#settle(message.requestId)?.reject(new IntentError(message.error));
    }
  }

  /** A new engine knows neither the rooms that are open here nor what it was asked for. */
  #welcome(snapshot: Snapshot): void {
    this.#engineId = snapshot.engineId;
    this.#listener.onSnapshot(snapshot);
    const waiting = [...this.#pending.values()].map(({ message }) => message);
    for (const roomId of this.#openRooms) {
      if (!waiting.some((message) => opens(message, roomId))) void this.request('open_room', { roomId });
    }
    for (const message of waiting) this.#port.post(message);
  }

  #settle(requestId: number): Pending | undefined {
    const pending = this.#pending.get(requestId);
    this.#pending.delete(requestId);
    return pending;
  }

  #remember<I extends Intent>(intent: I, data: Intents[I]['data']): void {
    if (!('roomId' in data)) return;
    if (intent === 'open_room') this.#openRooms.add(data.roomId);
    if (intent === 'close_room') this.#openRooms.delete(data.roomId);
  }
}

const opens = (message: TabMessage, roomId: RoomId): boolean =>
  message.kind === 'intent' && message.intent === 'open_room' && message.data.roomId === roomId;
