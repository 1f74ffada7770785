import type { RoomId, UserId } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import { toWireError } from './failures.ts';
import { tabLock, type Locks } from '../protocol/locks.ts';
import type { EngineMessage, Patch, Snapshot, TabMessage } from '../protocol/messages.ts';

/** After the last tab's end the connection stays this long, for a reload is an end too. */
const EMPTY_GRACE_MS = 1_000;

export type Post = (message: EngineMessage) => void;
export type IntentMessage = Extract<TabMessage, { kind: 'intent' }>;
type Hello = Extract<TabMessage, { kind: 'hello' }>;

/** Who is sent a patch. */
export type Audience =
  | { readonly kind: 'all' }
  | { readonly kind: 'tab'; readonly tabId: string }
  /** Any one: for what is to happen once, however many tabs there are. */
  | { readonly kind: 'one' }
  | { readonly kind: 'others'; readonly tabId: string }
  | { readonly kind: 'room'; readonly roomId: RoomId };

export type Publish = (patch: Patch, audience?: Audience) => void;

export interface HubEnvironment {
  readonly userId: UserId;
  readonly engineId: string;
  readonly clock: Clock;
  readonly locks: Locks;
}

export interface HubListener {
  snapshot(hello: Hello): Snapshot;
  /** A tab came or is looked at. */
  awake(hello: 'hello' | 'visible'): void;
  tabEnded(tabId: string): void;
  /** The last tab has been gone for a while. */
  empty(): void;
  intent(tabId: string, message: IntentMessage): Promise<unknown>;
}

interface Tab {
  readonly tabId: string;
  readonly post: Post;
  /** The rooms that it has open: whether it shows nothing but their ends. */
  readonly rooms: Map<RoomId, { atEnd: boolean }>;
  readonly ending: AbortController;
  visible: boolean;
  patches: Patch[];
}

/** The tabs: who they are, which rooms they have open, and what each is still to be told. */
export class Hub {
  readonly #environment: HubEnvironment;
  readonly #listener: HubListener;
  readonly #tabs = new Map<string, Tab>();
  #cancelEmpty: Cancel | null = null;
  #isClosed = false;

  constructor(environment: HubEnvironment, listener: HubListener) {
    this.#environment = environment;
    this.#listener = listener;
  }

  /** What a tab said through the port that `post` answers. */
  receive(post: Post, message: TabMessage): void {
    if (message.kind === 'hello') return this.#greet(post, message);
    const tab = [...this.#tabs.values()].find((known) => known.post === post);
    const { engineId } = this.#environment;
    // A tab of an engine that is no more, or whose relay is another one now.
    if (!tab) return post({ kind: 'patches', engineId, patches: [], isStranger: true });
    if (message.kind === 'ping') return post({ kind: 'patches', engineId, patches: [] });
    if (message.kind === 'bye') this.#end(tab);
    else if (message.kind === 'intent') void this.#answer(tab, message);
    else this.#look(tab, message.visible);
  }

  /** Nobody is told anything more: what tabs are still to be answered they will ask the next engine. */
  close(): void {
    this.#isClosed = true;
    this.#cancelEmpty?.();
    for (const tab of this.#tabs.values()) tab.ending.abort();
    this.#tabs.clear();
  }

  /** Queues a patch; what is published in one go arrives in one message. */
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

  /** Whether a tab may show what is further up than the room's end. */
  isReadUp(roomId: RoomId): boolean {
    return [...this.#tabs.values()].some(({ rooms }) => rooms.get(roomId)?.atEnd === false);
  }

  /** Whether somebody may be looking at any of them. */
  isLookedAt(): boolean {
    return [...this.#tabs.values()].some(({ visible }) => visible);
  }

  isOpen(roomId: RoomId): boolean {
    return [...this.#tabs.values()].some(({ rooms }) => rooms.has(roomId));
  }

  #look(tab: Tab, visible: boolean): void {
    tab.visible = visible;
    if (visible) this.#listener.awake('visible');
  }

  #greet(post: Post, hello: Hello): void {
    const { userId, engineId } = this.#environment;
    if (hello.user.userId !== userId) return post({ kind: 'patches', engineId, patches: [{ kind: 'reload' }] });
    const before = this.#tabs.get(hello.tabId);
    before?.ending.abort();
    const { tabId, visible } = hello;
    const tab: Tab = { tabId, post, visible, rooms: new Map(), ending: new AbortController(), patches: [] };
    this.#tabs.set(tab.tabId, tab);
    this.#cancelEmpty?.();
    void this.#awaitEnd(tab);
    this.#listener.awake('hello');
    post({ kind: 'snapshot', snapshot: this.#listener.snapshot(hello) });
    tab.patches = [];
  }

  /** A tab holds its lock while it lives, so getting it means that the tab ended, however it did. */
  async #awaitEnd(tab: Tab): Promise<void> {
    try {
      const release = await this.#environment.locks.acquire(tabLock(tab.tabId), { signal: tab.ending.signal });
      release();
    } catch {
      // Aborted: the tab said bye, or hello again.
      return;
    }
    this.#end(tab);
  }

  #end(tab: Tab): void {
    if (this.#tabs.get(tab.tabId) !== tab) return;
    tab.ending.abort();
    this.#tabs.delete(tab.tabId);
    this.#listener.tabEnded(tab.tabId);
    if (this.#tabs.size > 0) return;
    this.#cancelEmpty = this.#environment.clock.after(EMPTY_GRACE_MS, () => this.#listener.empty());
  }

  async #answer(tab: Tab, message: IntentMessage): Promise<void> {
    const { requestId } = message;
    const answer = await this.#listener.intent(tab.tabId, message).then(
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
