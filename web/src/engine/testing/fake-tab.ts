import type { MessageId, PresenceStatus, RoomId, RoomSummary, UserId } from '@parley/protocol';
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { Patch, Snapshot } from '../protocol/messages.ts';
import type { StorageStatus } from '../../domain/storage-status.ts';
import type { TimelineView } from '../../domain/timeline.ts';
import type { UnsentMessage } from '../../domain/outbox.ts';
import { merge } from '../../domain/timeline.ts';
import type { EngineListener } from '../page/tab.ts';

/** What a tab would show: it does with snapshots and patches what the stores do. */
export class FakeTab implements EngineListener {
  snapshots: Snapshot[] = [];
  patches: Patch[] = [];
  connection: ConnectionStatus = { status: 'connecting' };
  storage: StorageStatus = 'durable';
  /** The page has to reload. */
  isReloaded = false;
  readonly rooms = new Map<RoomId, RoomSummary>();
  readonly unsent = new Map<string, UnsentMessage>();
  readonly timelines = new Map<RoomId, TimelineView>();
  readonly typing = new Map<RoomId, readonly UserId[]>();
  readonly presence = new Map<UserId, PresenceStatus>();
  /** The read positions of other members, as `userId seq`. */
  readonly readers = new Map<RoomId, readonly string[]>();
  readonly removals = new Map<RoomId, UserId>();
  readonly drafts = new Map<RoomId, string>();
  /** The names of attachments in drafts. */
  readonly draftAttachments = new Map<RoomId, readonly string[]>();
  readonly draftReplies = new Map<RoomId, MessageId>();
  /** Every state of every room's lines that could have been seen. */
  readonly seen: string[][] = [];

  onSnapshot(snapshot: Snapshot): void {
    this.snapshots.push(snapshot);
    this.connection = snapshot.connection;
    this.storage = snapshot.storage;
    this.rooms.clear();
    for (const room of snapshot.rooms) this.rooms.set(room.roomId, room);
    this.unsent.clear();
    for (const message of snapshot.unsent) this.unsent.set(message.messageId, message);
    this.drafts.clear();
    this.draftAttachments.clear();
    this.draftReplies.clear();
    for (const { roomId, text, images, replyTo } of snapshot.drafts) {
      if (replyTo !== null) this.draftReplies.set(roomId, replyTo);
      this.drafts.set(roomId, text);
      this.draftAttachments.set(
        roomId,
        images.map(({ name }) => name),
      );
    }
  }

  onPatches(patches: readonly Patch[]): void {
    this.patches.push(...patches);
    for (const patch of patches) this.#apply(patch);
    for (const roomId of this.timelines.keys()) this.seen.push(this.lines(roomId));
  }

  /** The engine of the last snapshot. */
  get engineId(): string | undefined {
    return this.snapshots.at(-1)?.engineId;
  }

  /** A room's lines: the log's, then unsent messages with their status. */
  lines(roomId: RoomId): string[] {
    const entries = this.timelines.get(roomId)?.entries ?? [];
    const sent = entries.map((entry) => (entry.kind === 'message' ? entry.message.text : `${entry.kind}`));
    const unsent = [...this.unsent.values()].filter((message) => message.roomId === roomId);
    return [...sent, ...unsent.map(({ text, status }) => `${text} (${status})`)];
  }

  #apply(patch: Patch): void {
    switch (patch.kind) {
      case 'connection':
        this.connection = patch.connection;
        break;
      case 'rooms':
        for (const room of patch.rooms) this.rooms.set(room.roomId, room);
        break;
      case 'room_removed':
        this.rooms.delete(patch.roomId);
        break;
      case 'unsent':
        for (const message of patch.upserted) this.unsent.set(message.messageId, message);
        for (const messageId of patch.removed) this.unsent.delete(messageId);
        break;
      case 'timeline': {
        const { timeline } = patch;
        const before = patch.replace ? [] : (this.timelines.get(timeline.roomId)?.entries ?? []);
        this.timelines.set(timeline.roomId, { ...timeline, entries: merge(before, timeline.entries) });
        break;
      }
      case 'draft':
        this.drafts.set(patch.roomId, patch.text);
        break;
      case 'draft_reply':
        if (patch.replyTo === null) this.draftReplies.delete(patch.roomId);
        else this.draftReplies.set(patch.roomId, patch.replyTo);
        break;
      case 'draft_images':
        this.draftAttachments.set(
          patch.roomId,
          patch.images.map(({ name }) => name),
        );
        break;
      case 'presence':
        if (patch.replace) this.presence.clear();
        for (const { userId, status } of patch.presence) this.presence.set(userId, status);
        break;
      case 'readers': {
        const kept = patch.replace ? [] : (this.readers.get(patch.roomId) ?? []);
        const news = patch.readers.map(({ userId, seq }) => `${userId} ${seq}`);
        const isKept = (line: string) => !patch.readers.some(({ userId }) => line.startsWith(`${userId} `));
        this.readers.set(patch.roomId, [...kept.filter(isKept), ...news]);
        break;
      }
      case 'removed_from_room':
        this.removals.set(patch.roomId, patch.removedBy);
        break;
      case 'typing':
        this.typing.set(patch.roomId, patch.userIds);
        break;
      case 'storage':
        this.storage = patch.storage;
        break;
      case 'reload':
        this.isReloaded = true;
        break;
      case 'message_changes':
      case 'users':
      case 'notice':
        break;
    }
  }
}
