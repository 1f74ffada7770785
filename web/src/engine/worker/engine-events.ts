/**
 * The events inside a working engine: who raises each, and what it leads to. `WorkingEngine` handles them all, one method
 * an event, which calls the modules in a fixed order. A module calls other modules only as its environment lists them.
 *
 * The path of a message from the composer to the socket and back:
 * ```
 *   tab ── intent send_message ──▶ TabRegistry ── intentReceived ──▶ outboxIntents ──▶ Outbox.add
 *                                                                                        │ stored in IndexedDB
 *    ▲                                                                                   ▼
 *    │ patch unsent, timeline                       server ◀── create_message ── deliver() ◀── ServerConnection
 *    │                                                │
 *    │                                                ├── answer ──▶ Outbox ── messageStored ──┐
 *    │                                                └── events ──▶ ServerConnection ── eventsReceived ──┐
 *    │                                                                                     ▼    ▼
 *    │                                                                                    Sync.take
 *    │                                            Rooms.apply, Timelines.apply ◀────────────┤
 *    │                                                                                      │ entriesApplied
 *    │                     Receipts, Typing, RemovalNotices, Outbox.settle, Notices, Reading ◀──┘
 *    │                                            │
 *    └── TabRegistry.publish ◀── publish ◀────────┘   (and Cache: rooms and ends of logs, for the next engine)
 * ```
 * | raised by        | events |
 * |------------------|--------|
 * | TabRegistry      | tabConnected, tabShown, tabClosed, allTabsClosed, intentReceived |
 * | ServerConnection | connectionChanged, connected, eventsReceived, sessionMismatched |
 * | Sync             | entriesApplied, roomsReceived, roomForgotten, signalReceived |
 * | Timelines        | timelineLoaded, timelineDropped |
 * | Outbox           | messageStored |
 * | Database         | storageChanged |
 * | all modules      | publish |
 */
import type {
  ActionOk,
  ConnectionEvent,
  ConnectionLimits,
  Message,
  OwnUser,
  RoomEvent,
  RoomId,
  RoomSummary,
} from '@parley/protocol';
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { StorageStatus } from '../../domain/storage-status.ts';
import type { Patch, Snapshot, TabMessage } from '../protocol/messages.ts';
import type { ServerEvent } from './link.ts';

/** An event of the server that is no entry of a log and does not change the list of rooms. */
export type Signal = Extract<ConnectionEvent, { event: 'room_read' | 'typing' | 'presence_changed' }>;

export type IntentMessage = Extract<TabMessage, { kind: 'intent' }>;

/** The tabs that a patch is sent to. */
export type Audience =
  | { readonly kind: 'all' }
  | { readonly kind: 'tab'; readonly tabId: string }
  /** Any single tab: for what must happen once. */
  | { readonly kind: 'one' }
  | { readonly kind: 'others'; readonly tabId: string }
  | { readonly kind: 'room'; readonly roomId: RoomId };

export type Publish = (patch: Patch, audience?: Audience) => void;

export interface TabEvents {
  /** A tab connected: answered with the state that it starts from. */
  snapshot(user: OwnUser): Snapshot;
  tabConnected(): void;
  /** A tab became visible. */
  tabShown(): void;
  tabClosed(tabId: string): void;
  /** No tab has connected for a while since the last one closed. */
  allTabsClosed(): void;
  /** Resolves with the intent's answer. */
  intentReceived(tabId: string, message: IntentMessage): Promise<unknown>;
}

export interface ConnectionEvents {
  connectionChanged(status: ConnectionStatus, limits: ConnectionLimits | null): void;
  connected(answer: ActionOk<'create_connection'>): void;
  /** The events of one frame, in order. */
  eventsReceived(events: readonly ServerEvent[]): void;
  /** The browser's session belongs to another user. */
  sessionMismatched(): void;
}

export interface SyncEvents {
  /** The next entries of a room's log were applied to its summary and timeline; `position` is how far both are. */
  entriesApplied(roomId: RoomId, entries: readonly RoomEvent[], position: number): void;
  /** Summaries from the server, after they were merged with what was known. */
  roomsReceived(rooms: readonly RoomSummary[]): void;
  /** The user is no longer in the room. `held`: entries that were not applied, since earlier ones are missing. */
  roomForgotten(roomId: RoomId, held: readonly RoomEvent[]): void;
  signalReceived(signal: Signal): void;
}

export interface TimelineEvents {
  /** A timeline was loaded from the server or from the cache; the room's log may be further. */
  timelineLoaded(roomId: RoomId): void;
  /** Nothing of the room's log is kept any more. */
  timelineDropped(roomId: RoomId): void;
}

export interface OutboxEvents {
  /** The server has acknowledged the message. */
  messageStored(message: Message): void;
}

interface StorageEvents {
  storageChanged(storage: StorageStatus): void;
}

interface PatchEvents {
  /** A state change that tabs show: by default to all tabs. */
  publish(patch: Patch, audience?: Audience): void;
}

export interface EngineEvents
  extends TabEvents, ConnectionEvents, SyncEvents, TimelineEvents, OutboxEvents, StorageEvents, PatchEvents {}
