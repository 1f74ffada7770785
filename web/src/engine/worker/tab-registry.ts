import type { RoomId, UserId } from '@parley/protocol';
import type { Audience, IntentMessage, TabEvents } from './engine-events.ts';
import type { Cancel, Clock } from '../../domain/clock.ts';
import { toWireError } from './failures.ts';
import { tabLock, type Locks } from '../protocol/locks.ts';
import type { EngineMessage, Patch, TabMessage } from '../protocol/messages.ts';

/** How long the connection stays after the last tab closed: a reload closes the tab, too. */
const RELOAD_GRACE_MS = 1_000;

export type Post = (message: EngineMessage) => void;
type Hello = Extract<TabMessage, { kind: 'hello' }>;

export interface TabRegistryEnvironment {
  readonly userId: UserId;
  readonly engineId: string;
  readonly clock: Clock;
  readonly locks: Locks;
}

interface Tab {
  readonly tabId: string;
  readonly post: Post;
  /** Its open rooms; `atEnd`: it shows only the end of the log. */
  readonly rooms: Map<RoomId, { atEnd: boolean }>;
  readonly closing: AbortController;
  visible: boolean;
  patches: Patch[];
}

/** The connected tabs, their open rooms, and the patches that each still has to receive. */
export class TabRegistry {
  readonly #environment: TabRegistryEnvironment;
  readonly #events: TabEvents;
  readonly #tabs = new Map<string, Tab>();
  #cancelEmpty: Cancel | null = null;
  #isClosed = false;

  constructor(environment: TabRegistryEnvironment, events: TabEvents) {
    this.#environment = environment;
    this.#events = events;
  }

  /** Handles a message of the tab whose port is `post`. */
  receive(post: Post, message: TabMessage): void {
    if (message.kind === 'hello') return this.#welcome(post, message);
    const tab = [...this.#tabs.values()].find((known) => known.post === post);
    const { engineId } = this.#environment;
    // The tab belonged to another engine, or another relay.
    if (!tab) return post({ kind: 'patches', engineId, patches: [], isStranger: true });
    if (message.kind === 'ping') return post({ kind: 'patches', engineId, patches: [] });
    if (message.kind === 'bye') this.#remove(tab);
    else if (message.kind === 'intent') void this.#answer(tab, message);
    else this.#setVisible(tab, message.visible);
  }

  /** Sends nothing more: tabs repeat unanswered intents to the next engine. */
  close(): void {
    this.#isClosed = true;
    this.#cancelEmpty?.();
    for (const tab of this.#tabs.values()) tab.closing.abort();
    this.#tabs.clear();
  }

  /** Queues a patch; patches of one turn of the event loop are sent in one message. */
  publish(patch: Patch, audience: Audience = { kind: 'all' }): void {
    const tabs = [...this.#tabs.values()];
    for (const tab of audience.kind === 'one' ? tabs.slice(0, 1) : tabs) {
      if (!includes(audience, tab)) continue;
      if (tab.patches.push(patch) === 1) queueMicrotask(() => this.#flush(tab));
    }
  }

  openRoom(tabId: string, roomId: RoomId): void {
    this.#tabs.get(tabId)?.rooms.set(roomId, { atEnd: false });
  }

  closeRoom(tabId: string, roomId: RoomId): void {
    this.#tabs.get(tabId)?.rooms.delete(roomId);
  }

  setAtEnd(tabId: string, roomId: RoomId, atEnd: boolean): void {
    const room = this.#tabs.get(tabId)?.rooms.get(roomId);
    if (room) room.atEnd = atEnd;
  }

  /** Whether a tab may show more of the room than its end. */
  isReadUp(roomId: RoomId): boolean {
    return [...this.#tabs.values()].some(({ rooms }) => rooms.get(roomId)?.atEnd === false);
  }

  /** Whether any tab is visible. */
  isAnyVisible(): boolean {
    return [...this.#tabs.values()].some(({ visible }) => visible);
  }

  isOpen(roomId: RoomId): boolean {
    return [...this.#tabs.values()].some(({ rooms }) => rooms.has(roomId));
  }

  #setVisible(tab: Tab, visible: boolean): void {
    tab.visible = visible;
    if (visible) this.#events.tabShown();
  }

  #welcome(post: Post, hello: Hello): void {
    const { userId, engineId } = this.#environment;
    if (hello.user.userId !== userId) return post({ kind: 'patches', engineId, patches: [{ kind: 'reload' }] });
    const before = this.#tabs.get(hello.tabId);
    before?.closing.abort();
    const { tabId, visible } = hello;
    const tab: Tab = { tabId, post, visible, rooms: new Map(), closing: new AbortController(), patches: [] };
    this.#tabs.set(tab.tabId, tab);
    this.#cancelEmpty?.();
    void this.#awaitClose(tab);
    this.#events.tabConnected();
    post({ kind: 'snapshot', snapshot: this.#events.snapshot(hello.user) });
    tab.patches = [];
  }

  /** A tab holds its lock as long as it lives: the lock is free once the tab has closed or crashed. */
  async #awaitClose(tab: Tab): Promise<void> {
    try {
      const release = await this.#environment.locks.acquire(tabLock(tab.tabId), { signal: tab.closing.signal });
      release();
    } catch {
      // Aborted: the tab sent bye, or hello again.
      return;
    }
    this.#remove(tab);
  }

  #remove(tab: Tab): void {
    if (this.#tabs.get(tab.tabId) !== tab) return;
    tab.closing.abort();
    this.#tabs.delete(tab.tabId);
    this.#events.tabClosed(tab.tabId);
    if (this.#tabs.size > 0) return;
    this.#cancelEmpty = this.#environment.clock.after(RELOAD_GRACE_MS, () => this.#events.allTabsClosed());
  }

  async #answer(tab: Tab, message: IntentMessage): Promise<void> {
    const { requestId } = message;
    const answer = await this.#events.intentReceived(tab.tabId, message).then(
      (ok): EngineMessage => ({ kind: 'answer', requestId, ok }),
      (failure: unknown): EngineMessage => ({ kind: 'refusal', requestId, error: toWireError(failure) }),
    );
    this.#flush(tab);
    if (!this.#isClosed) tab.post(answer);
  }

  #flush(tab: Tab): void {
    if (tab.patches.length === 0 || this.#isClosed) return;
    const { patches } = tab;
    tab.patches = [];
    tab.post({ kind: 'patches', engineId: this.#environment.engineId, patches });
  }
}

function includes(audience: Audience, tab: Tab): boolean {
  switch (audience.kind) {
    case 'all':
    case 'one':
      return true;
    case 'tab':
      return tab.tabId === audience.tabId;
    case 'others':
      return tab.tabId !== audience.tabId;
    case 'room':
      return tab.rooms.has(audience.roomId);
  }
}
