import type { RoomId, User, UserId } from '@parley/protocol';
import { firstPage, withEvents, withKnownLines, withOlder, type Timeline } from '../../domain/timeline.ts';
import type { Clock, Random } from '../../domain/clock.ts';
import type { Connection } from './connection.ts';
import { Refused } from './failures.ts';
import type { Hub, Publish } from './hub.ts';
import type { MessageChange } from '../../domain/message-changes.ts';
import type { LogEntry } from '../../domain/room-log.ts';
import type { TimelineEntry, TimelineView } from '../../domain/timeline.ts';
import { longPause, type PersistentRequest } from './persistent-request.ts';

const PAGE = 50;
/** Timelines that no tab has open are kept, up to this many, for coming back at once. */
const KEPT = 20;
/** Of a room whose end alone is shown so many entries are kept, once there are more than `LOADED_MAX`. */
const LOADED_KEPT = 300;
const LOADED_MAX = 2 * LOADED_KEPT;
/** So many entries of the end of a log are cached. */
const CACHED_ENTRIES = 50;

type Loading = TimelineView & { readonly state: 'loading' | 'failed' };

export interface TimelinesEnvironment {
  readonly userId: UserId;
  readonly clock: Clock;
  readonly random: Random;
  readonly hub: Hub;
  readonly publish: Publish;
  readonly connection: Connection;
  readonly persist: PersistentRequest;
  readonly meet: (users: readonly User[]) => void;
  /** A timeline is there, from the server or from the cache: the room's log may be further than it. */
  readonly loaded: (roomId: RoomId) => void;
  /** Nothing of a room's log is kept any more. */
  readonly dropped: (roomId: RoomId) => void;
}

/** The logs of rooms that tabs have opened, as far as they are loaded. */
export class Timelines {
  readonly #environment: TimelinesEnvironment;
  readonly #timelines = new Map<RoomId, Timeline | Loading>();
  /** Logs as they once were, longest unused first: repaired when a tab opens them. */
  readonly #shelved = new Map<RoomId, Timeline>();
  readonly #loading = new Set<RoomId>();
  readonly #older = new Map<RoomId, Promise<void>>();

  constructor(environment: TimelinesEnvironment) {
    this.#environment = environment;
  }

  /** seq up to which a room's timeline is loaded; undefined where none is. */
  head(roomId: RoomId): number | undefined {
    return this.#ready(roomId)?.head;
  }

  /** A room's lines, as far as they are loaded. */
  entries(roomId: RoomId): readonly TimelineEntry[] {
    return this.#ready(roomId)?.entries ?? [];
  }

  /** What the cache had; longest unused first. */
  load(timelines: readonly Timeline[]): void {
    for (const timeline of timelines) this.#shelve(withKnownLines(timeline));
  }

  /** The end of a room's log, for the cache; undefined where none is loaded. */
  tail(roomId: RoomId): Timeline | undefined {
    const timeline = this.#ready(roomId) ?? this.#shelved.get(roomId);
    return timeline && endOf(timeline, CACHED_ENTRIES);
  }

  open(tabId: string, roomId: RoomId): void {
    const { hub, connection, loaded } = this.#environment;
    hub.openRoom(tabId, roomId);
    const known = this.#timelines.get(roomId);
    if (!known) this.#makeWay();
    const isOffline = connection.status.status === 'waiting';
    const timeline = known ?? this.#shelved.get(roomId) ?? unloaded(roomId, isOffline ? 'failed' : 'loading');
    this.#timelines.set(roomId, timeline);
    this.#shelved.delete(roomId);
    hub.publish({ kind: 'timeline', replace: true, timeline: view(timeline) }, { kind: 'tab', tabId });
    if (timeline.state !== 'ready') void this.reload(roomId);
    else if (!known) loaded(roomId);
  }

  /** Of a room that is still to be made: there is nothing in it. */
  begin(roomId: RoomId): void {
    if (!this.#ready(roomId)) this.#replace({ roomId, state: 'ready', entries: [], more: false, head: 0 });
  }

  /** Applies the next events of a room's log. */
  apply(roomId: RoomId, events: readonly LogEntry[]): void {
    const before = this.#ready(roomId);
    if (!before) return;
    const { hub, userId } = this.#environment;
    const { timeline, changed } = withEvents(before, events, userId);
    this.#timelines.set(roomId, timeline);
    if (timeline.entries.length > LOADED_MAX && !hub.isReadUp(roomId)) this.#replace(endOf(timeline, LOADED_KEPT));
    else if (changed.length > 0) this.#merge(timeline, changed);
    const changes = events.filter(isChange);
    if (changes.length === 0) return;
    this.#environment.publish({ kind: 'message_changes', roomId, changes }, { kind: 'room', roomId });
  }

  /** Puts the newest page in the place of whatever was loaded. */
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

  /** Loads the page above; said by several tabs at once it is loaded once. Rejects when there is no connection. */
  async loadOlder(roomId: RoomId): Promise<void> {
    const underWay = this.#older.get(roomId);
    if (underWay) return underWay;
    const loading = this.#loadOlder(roomId).finally(() => this.#older.delete(roomId));
    this.#older.set(roomId, loading);
    return loading;
  }

  /** The connection was lost: what is being loaded cannot be had for now, and is asked for again when there is one. */
  offline(): void {
    for (const roomId of this.#timelines.keys()) this.#fail(roomId);
  }

  /** Someone looks at a room that became one's own: what could not be loaded before can be now. */
  retry(roomId: RoomId): void {
    if (this.#timelines.get(roomId)?.state === 'failed') void this.reload(roomId);
  }

  /** After a new connection only what a tab looks at is worth repairing. */
  forgetUnopened(): void {
    for (const roomId of this.#timelines.keys()) {
      if (!this.#environment.hub.isOpen(roomId)) this.#putAway(roomId);
    }
  }

  remove(roomId: RoomId): void {
    this.#timelines.delete(roomId);
    this.#shelved.delete(roomId);
    if (this.#environment.hub.isOpen(roomId)) this.#replace(unloaded(roomId, 'failed'));
  }

  async #load(roomId: RoomId): Promise<void> {
    const { persist, meet, loaded } = this.#environment;
    const page = await persist('get_messages', { roomId, limit: PAGE }, () => this.#fail(roomId));
    if (!this.#timelines.has(roomId)) return;
    meet(page.users);
    this.#replace(firstPage(roomId, page));
    loaded(roomId);
  }

  async #loadOlder(roomId: RoomId): Promise<void> {
    const { connection, meet } = this.#environment;
    const before = this.#ready(roomId)?.entries[0]?.seq;
    if (before === undefined || !this.#ready(roomId)?.more) return;
    const page = await connection.request('get_messages', { roomId, before, limit: PAGE });
    const timeline = this.#ready(roomId);
    // Replaced meanwhile: the page would not join what is loaded now.
    if (timeline?.entries[0]?.seq !== before) return;
    meet(page.users);
    const older = withOlder(timeline, page);
    this.#timelines.set(roomId, older);
    this.#merge(older, older.entries.slice(0, older.entries.length - timeline.entries.length));
  }

  #fail(roomId: RoomId): void {
    if (this.#timelines.get(roomId)?.state === 'loading') this.#replace(unloaded(roomId, 'failed'));
  }

  #reloadLater(roomId: RoomId): void {
    const { clock, random, hub } = this.#environment;
    clock.after(longPause(random), () => hub.isOpen(roomId) && this.retry(roomId));
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

  #makeWay(): void {
    for (const roomId of this.#timelines.keys()) {
      if (this.#timelines.size < KEPT) return;
      if (!this.#environment.hub.isOpen(roomId)) this.#putAway(roomId);
    }
  }

  #putAway(roomId: RoomId): void {
    const timeline = this.tail(roomId);
    this.#timelines.delete(roomId);
    if (timeline) this.#shelve(timeline);
  }

  #shelve(timeline: Timeline): void {
    this.#shelved.set(timeline.roomId, timeline);
    const [oldest] = this.#shelved.keys();
    if (oldest === undefined || this.#shelved.size <= KEPT) return;
    this.#shelved.delete(oldest);
    this.#environment.dropped(oldest);
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
