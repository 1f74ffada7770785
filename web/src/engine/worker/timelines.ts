import type { RoomId, UserId } from '@parley/protocol';
import { firstPage, withEvents, withKnownLines, withOlder, type Timeline } from '../../domain/timeline.ts';
import type { Clock, Random } from '../../domain/clock.ts';
import type { ServerConnection } from './server-connection.ts';
import type { TimelineEvents } from './engine-events.ts';
import { Refused } from './failures.ts';
import type { KnownUsers } from './known-users.ts';
import type { Publish } from './engine-events.ts';
import type { TabRegistry } from './tab-registry.ts';
import type { MessageChange } from '../../domain/message-changes.ts';
import type { LogEntry } from '../../domain/room-log.ts';
import type { TimelineEntry, TimelineView } from '../../domain/timeline.ts';
import { longPause, type RequestWithRetry } from './retrying-request.ts';

const PAGE = 50;
/** How many timelines are kept, whether open or not: an opened one is shown at once. */
const KEPT = 20;
/** Entries kept of a room of which only the end is shown, once there are more than `LOADED_MAX`. */
const LOADED_KEPT = 300;
const LOADED_MAX = 2 * LOADED_KEPT;
/** Entries of the end of a log that are cached. */
const CACHED_ENTRIES = 50;

type Loading = TimelineView & { readonly state: 'loading' | 'failed' };

export interface TimelinesEnvironment {
  readonly userId: UserId;
  readonly clock: Clock;
  readonly random: Random;
  readonly tabs: TabRegistry;
  readonly publish: Publish;
  readonly connection: ServerConnection;
  readonly requestWithRetry: RequestWithRetry;
  readonly knownUsers: KnownUsers;
}

/** The loaded parts of the logs of rooms that tabs have opened. */
export class Timelines {
  readonly #environment: TimelinesEnvironment;
  readonly #events: TimelineEvents;
  readonly #timelines = new Map<RoomId, Timeline | Loading>();
  /** Cached or closed timelines, least recently used first: repaired when a tab opens them. */
  readonly #shelved = new Map<RoomId, Timeline>();
  readonly #loading = new Set<RoomId>();
  readonly #older = new Map<RoomId, Promise<void>>();

  constructor(environment: TimelinesEnvironment, events: TimelineEvents) {
    this.#environment = environment;
    this.#events = events;
  }

  /** The seq up to which a room's timeline is loaded. */
  head(roomId: RoomId): number | undefined {
    return this.#ready(roomId)?.head;
  }

  /** The loaded entries of a room. */
  entries(roomId: RoomId): readonly TimelineEntry[] {
    return this.#ready(roomId)?.entries ?? [];
  }

  /** Timelines from the cache, least recently used first. */
  load(timelines: readonly Timeline[]): void {
    for (const timeline of timelines) this.#shelve(withKnownLines(timeline));
  }

  /** The loaded end of a room's log, for the cache. */
  tail(roomId: RoomId): Timeline | undefined {
    const timeline = this.#ready(roomId) ?? this.#shelved.get(roomId);
    return timeline && endOf(timeline, CACHED_ENTRIES);
  }

  open(tabId: string, roomId: RoomId): void {
    const { tabs, connection } = this.#environment;
    tabs.openRoom(tabId, roomId);
    const known = this.#timelines.get(roomId);
    if (!known) this.#makeRoom();
    const isOffline = connection.status.status === 'waiting';
    const timeline = known ?? this.#shelved.get(roomId) ?? unloaded(roomId, isOffline ? 'failed' : 'loading');
    this.#timelines.set(roomId, timeline);
    this.#shelved.delete(roomId);
    tabs.publish({ kind: 'timeline', replace: true, timeline: view(timeline) }, { kind: 'tab', tabId });
    if (timeline.state !== 'ready') void this.reload(roomId);
    else if (!known) this.#events.timelineLoaded(roomId);
  }

  /** The empty timeline of a room that the server has not created yet. */
  begin(roomId: RoomId): void {
    if (!this.#ready(roomId)) this.#replace({ roomId, state: 'ready', entries: [], more: false, head: 0 });
  }

  /** Applies the next entries of a room's log. */
  apply(roomId: RoomId, events: readonly LogEntry[]): void {
    const before = this.#ready(roomId);
    if (!before) return;
    const { tabs, userId } = this.#environment;
    const { timeline, changed } = withEvents(before, events, userId);
    this.#timelines.set(roomId, timeline);
    if (timeline.entries.length > LOADED_MAX && !tabs.isReadUp(roomId)) this.#replace(endOf(timeline, LOADED_KEPT));
    else if (changed.length > 0) this.#merge(timeline, changed);
    const changes = events.filter(isChange);
    if (changes.length === 0) return;
    this.#environment.publish({ kind: 'message_changes', roomId, changes }, { kind: 'room', roomId });
  }

  /** Replaces what was loaded by the newest page. */
  async reload(roomId: RoomId): Promise<void> {
    if (this.#loading.has(roomId)) return;
    this.#loading.add(roomId);
    try {
      await this.#load(roomId);
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      this.#fail(roomId);
      if (failure.error.retryable) this.#reloadLater(roomId);
    } finally {
      this.#loading.delete(roomId);
    }
  }

  /** Loads the page above, once for all tabs that ask. Rejects when there is no connection. */
  async loadOlder(roomId: RoomId): Promise<void> {
    const underWay = this.#older.get(roomId);
    if (underWay) return underWay;
    const loading = this.#loadOlder(roomId).finally(() => this.#older.delete(roomId));
    this.#older.set(roomId, loading);
    return loading;
  }

  /** The connection was lost: what is being loaded is shown as failed, and is loaded when there is one again. */
  offline(): void {
    for (const roomId of this.#timelines.keys()) this.#fail(roomId);
  }

  /** Loads a timeline that failed before: the user may be a member of the room now. */
  retry(roomId: RoomId): void {
    if (this.#timelines.get(roomId)?.state === 'failed') void this.reload(roomId);
  }

  /** After a new connection only open timelines are repaired. */
  forgetUnopened(): void {
    for (const roomId of this.#timelines.keys()) {
      if (!this.#environment.tabs.isOpen(roomId)) this.#unload(roomId);
    }
  }

  remove(roomId: RoomId): void {
    this.#timelines.delete(roomId);
    this.#shelved.delete(roomId);
    if (this.#environment.tabs.isOpen(roomId)) this.#replace(unloaded(roomId, 'failed'));
  }

  async #load(roomId: RoomId): Promise<void> {
    const { requestWithRetry, knownUsers } = this.#environment;
    const page = await requestWithRetry('get_messages', { roomId, limit: PAGE }, () => this.#fail(roomId));
    if (!this.#timelines.has(roomId)) return;
    knownUsers.add(page.users);
    this.#replace(firstPage(roomId, page));
    this.#events.timelineLoaded(roomId);
  }

  async #loadOlder(roomId: RoomId): Promise<void> {
    const { connection, knownUsers } = this.#environment;
    const before = this.#ready(roomId)?.entries[0]?.seq;
    if (before === undefined || !this.#ready(roomId)?.more) return;
    const page = await connection.request('get_messages', { roomId, before, limit: PAGE });
    const timeline = this.#ready(roomId);
    // Replaced meanwhile: the page does not precede what is loaded now.
    if (timeline?.entries[0]?.seq !== before) return;
    knownUsers.add(page.users);
    const older = withOlder(timeline, page);
    this.#timelines.set(roomId, older);
    this.#merge(older, older.entries.slice(0, older.entries.length - timeline.entries.length));
  }

  #fail(roomId: RoomId): void {
    if (this.#timelines.get(roomId)?.state === 'loading') this.#replace(unloaded(roomId, 'failed'));
  }

  #reloadLater(roomId: RoomId): void {
    const { clock, random, tabs } = this.#environment;
    clock.after(longPause(random), () => tabs.isOpen(roomId) && this.retry(roomId));
  }

  #replace(timeline: Timeline | Loading): void {
    const { roomId } = timeline;
    this.#timelines.set(roomId, timeline);
    const patch = { kind: 'timeline', replace: true, timeline: view(timeline) } as const;
    this.#environment.publish(patch, { kind: 'room', roomId });
  }

  #merge(timeline: Timeline, entries: readonly TimelineEntry[]): void {
    const { roomId } = timeline;
    const patch = { kind: 'timeline', replace: false, timeline: { ...view(timeline), entries } } as const;
    this.#environment.publish(patch, { kind: 'room', roomId });
  }

  #makeRoom(): void {
    for (const roomId of this.#timelines.keys()) {
      if (this.#timelines.size < KEPT) return;
      if (!this.#environment.tabs.isOpen(roomId)) this.#unload(roomId);
    }
  }

  #unload(roomId: RoomId): void {
    const timeline = this.tail(roomId);
    this.#timelines.delete(roomId);
    if (timeline) this.#shelve(timeline);
  }

  #shelve(timeline: Timeline): void {
    this.#shelved.set(timeline.roomId, timeline);
    const [oldest] = this.#shelved.keys();
    if (oldest === undefined || this.#shelved.size <= KEPT) return;
    this.#shelved.delete(oldest);
    this.#events.timelineDropped(oldest);
  }

  #ready(roomId: RoomId): Timeline | undefined {
    const timeline = this.#timelines.get(roomId);
    return timeline?.state === 'ready' ? timeline : undefined;
  }
}

const unloaded = (roomId: RoomId, state: 'loading' | 'failed'): Loading => ({
  roomId,
  entries: [],
  more: false,
  state,
});

function endOf(timeline: Timeline, count: number): Timeline {
  if (timeline.entries.length <= count) return timeline;
  return { ...timeline, entries: timeline.entries.slice(-count), more: true };
}

const view = ({ roomId, entries, more, state }: TimelineView): TimelineView => ({ roomId, entries, more, state });

const isChange = (event: LogEntry): event is MessageChange =>
  event.event === 'message_updated' || event.event === 'message_deleted' || event.event === 'reaction_changed';
