/**
 * The messages between a tab and the engine over a port. Tabs are views: the engine sends one snapshot and then
 * patches; the tab sends intents. Everything here is structured-cloneable.
 */
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { DraftView } from '../../domain/draft.ts';
import type { DraftAttachment } from '../../domain/draft-attachments.ts';
import type { MessageChange } from '../../domain/message-changes.ts';
import type { UnsentMessage } from '../../domain/outbox.ts';
import type { Reader } from '../../domain/reading.ts';
import type { ListedRoom } from '../../domain/room-list.ts';
import type { StorageStatus } from '../../domain/storage-status.ts';
import type { TimelineView } from '../../domain/timeline.ts';
import type {
  Action,
  ActionData,
  ActionOk,
  ConnectionLimits,
  Message,
  MessageId,
  OwnUser,
  Presence,
  RoomId,
  RoomSummary,
  User,
  UserId,
  WireError,
} from '@parley/protocol';

export interface Snapshot {
  /** Identifies the engine: a tab sends a new one another hello. */
  readonly engineId: string;
  readonly user: OwnUser;
  readonly limits: ConnectionLimits | null;
  readonly connection: ConnectionStatus;
  readonly storage: StorageStatus;
  /** In no order. `roomsLoaded`: the list was read from the server. */
  readonly rooms: readonly ListedRoom[];
  readonly roomsLoaded: boolean;
  readonly users: readonly User[];
  readonly unsent: readonly UnsentMessage[];
  readonly drafts: readonly DraftView[];
  /** Only users whose presence is known. */
  readonly presence: readonly Presence[];
}

export type Patch =
  | { readonly kind: 'connection'; readonly connection: ConnectionStatus; readonly limits: ConnectionLimits | null }
  | { readonly kind: 'storage'; readonly storage: StorageStatus }
  /** New or changed rooms; the others stay as they are. */
  | { readonly kind: 'rooms'; readonly rooms: readonly ListedRoom[]; readonly roomsLoaded: boolean }
  | { readonly kind: 'room_removed'; readonly roomId: RoomId }
  /** Sent before `room_removed`: an owner has removed the user. */
  | { readonly kind: 'removed_from_room'; readonly roomId: RoomId; readonly removedBy: UserId }
  | { readonly kind: 'users'; readonly users: readonly User[] }
  | { readonly kind: 'unsent'; readonly upserted: readonly UnsentMessage[]; readonly removed: readonly MessageId[] }
  /** To tabs that have the room open. `replace`: replaces all lines; otherwise lines are merged by seq. */
  | { readonly kind: 'timeline'; readonly replace: boolean; readonly timeline: TimelineView }
  /** To tabs that have the room open: changes of messages, in its timeline or not. */
  | { readonly kind: 'message_changes'; readonly roomId: RoomId; readonly changes: readonly MessageChange[] }
  /** To tabs that have the room open. `replace`: replaces all known read positions. */
  | {
      readonly kind: 'readers';
      readonly roomId: RoomId;
      readonly replace: boolean;
      readonly readers: readonly Reader[];
    }
  /** To tabs that have the room open: all users who are typing. */
  | { readonly kind: 'typing'; readonly roomId: RoomId; readonly userIds: readonly UserId[] }
  /** New or changed presence. `replace`: replaces all known presence. */
  | { readonly kind: 'presence'; readonly replace: boolean; readonly presence: readonly Presence[] }
  /** `text` is empty if there is no draft. `origin`: the tab that typed exactly this, which does not receive it. */
  | { readonly kind: 'draft'; readonly roomId: RoomId; readonly text: string; readonly origin: string | null }
  /** All attachments of a draft. */
  | { readonly kind: 'draft_images'; readonly roomId: RoomId; readonly images: readonly DraftAttachment[] }
  | { readonly kind: 'draft_reply'; readonly roomId: RoomId; readonly replyTo: MessageId | null }
  /** To one tab: a message that arrived while no tab was visible. */
  | { readonly kind: 'notice'; readonly message: Message }
  /** Reload the page: the session belongs to another user, or (`sameUser`) the server's data were restored from a backup. */
  | { readonly kind: 'reload'; readonly sameUser?: true };

/** An action that is sent to the server unchanged, and its answer. */
interface Asked<A extends Action> {
  data: ActionData<A>;
  ok: ActionOk<A>;
}

/** The requests of a tab, by name, with their answers. Refused with a WireError. */
export interface Intents {
  open_room: { data: { readonly roomId: RoomId }; ok: null };
  close_room: { data: { readonly roomId: RoomId }; ok: null };
  /** Whether the tab shows only the end of an open room: where all tabs do, few entries are kept. */
  set_at_end: { data: { readonly roomId: RoomId; readonly atEnd: boolean }; ok: null };
  /** Loads the page above what is loaded. Answered after its patch was sent. */
  load_older: { data: { readonly roomId: RoomId }; ok: null };
  /**
   * Answered once the message is stored in the outbox and removed from the draft: then the composer may clear. The
   * attachments with these ids leave the draft with it; `not_found` if one of them is missing.
   * The tab makes the messageId (`newMessageId()` of domain/ids.ts), so that a repeated intent is one message.
   */
  send_message: {
    data: {
      readonly roomId: RoomId;
      readonly messageId: MessageId;
      readonly text: string;
      readonly imageIds?: readonly string[];
      readonly replyTo?: MessageId;
      readonly mentions?: readonly UserId[];
    };
    /** `draft`: the remaining draft, to which another tab may have added text. */
    ok: { readonly messageId: MessageId; readonly draft: string };
  };
  retry_message: { data: { readonly messageId: MessageId }; ok: null };
  delete_message: { data: { readonly messageId: MessageId }; ok: null };
  /** Returns a failed message's text, attachments and reply to the room's draft, before its text. */
  return_to_draft: { data: { readonly messageId: MessageId }; ok: null };
  /** `base`: the draft that the text grew from. Answered with the text after other tabs' changes were merged. */
  save_draft: {
    data: { readonly roomId: RoomId; readonly text: string; readonly base?: string };
    ok: { readonly text: string };
  };
  /** Sets the message that the room's draft replies to. */
  set_draft_reply: { data: { readonly roomId: RoomId; readonly replyTo: MessageId | null }; ok: null };
  /** Answered once it is stored. */
  add_draft_image: { data: { readonly roomId: RoomId; readonly image: DraftAttachment }; ok: null };
  remove_draft_image: { data: { readonly roomId: RoomId; readonly imageId: string }; ok: null };
  /** Answered when the server has created the room; without a connection, once the request is stored. */
  create_room: {
    data: {
      readonly roomId: RoomId;
      readonly name?: string;
      readonly memberIds: readonly UserId[];
      /** Those of them whom the tab knows: shown until the server has created the room. */
      readonly members?: readonly User[];
    };
    ok: { readonly room: ListedRoom };
  };
  add_members: { data: { readonly roomId: RoomId; readonly memberIds: readonly UserId[] }; ok: null };
  leave_room: { data: { readonly roomId: RoomId }; ok: null };
  create_invitation: {
    data: { readonly roomId: RoomId };
    ok: { readonly token: string; readonly expiresAt: number };
  };
  join_room: { data: { readonly token: string }; ok: { readonly room: RoomSummary } };
  get_members: Asked<'get_members'>;
  get_invitations: Asked<'get_invitations'>;
  delete_invitation: Asked<'delete_invitation'>;
  rename_room: { data: ActionData<'rename_room'>; ok: null };
  remove_member: { data: ActionData<'remove_member'>; ok: null };
  /** Everything up to the seq was on the screen. Kept until the server has it. */
  read_room: { data: { readonly roomId: RoomId; readonly seq: number }; ok: null };
  get_readers: Asked<'get_readers'>;
  /** The user typed a key in the room: the engine limits what it sends to the server. */
  set_typing: { data: { readonly roomId: RoomId }; ok: null };
  /** The user was active in this browser. */
  set_active: { data: Record<string, never>; ok: null };
  /**
   * Replaces the users whose presence this tab shows. `pushed`: they are members of a room that is small enough for the
   * server to push changes.
   */
  watch_presence: { data: { readonly userIds: readonly UserId[]; readonly pushed: boolean }; ok: null };
  /** Any part of the history. The answer is the page; no timeline changes. */
  get_messages: Asked<'get_messages'>;
  find_messages: Asked<'find_messages'>;
  search_messages: Asked<'search_messages'>;
  /** These three are refused as `unavailable` without a connection: they are not kept for later. */
  update_message: { data: ActionData<'update_message'>; ok: null };
  delete_sent_message: { data: ActionData<'delete_message'>; ok: null };
  set_reaction: { data: ActionData<'set_reaction'>; ok: null };
  /** Deletes what others wrote from this browser when the user logs out; drafts and unsent messages stay. */
  clear_cache: { data: Record<string, never>; ok: null };
  /** Tries to connect now instead of at nextTryAt. */
  reconnect: { data: Record<string, never>; ok: null };
}

export type Intent = keyof Intents;

export type TabMessage =
  | {
      readonly kind: 'hello';
      readonly tabId: string;
      /** The user who is logged in, as far as the page knows. */
      readonly user: OwnUser;
      readonly visible: boolean;
    }
  | { readonly kind: 'visibility'; readonly visible: boolean }
  /** Checks that the engine is alive: it answers with patches, at least an empty list. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'bye' }
  | {
      readonly [I in Intent]: {
        readonly kind: 'intent';
        readonly requestId: number;
        readonly intent: I;
        readonly data: Intents[I]['data'];
      };
    }[Intent];

export type EngineMessage =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | {
      readonly kind: 'patches';
      readonly engineId: string;
      readonly patches: readonly Patch[];
      /** The engine does not know the tab on this port: it must send a hello. */
      readonly isStranger?: true;
    }
  | { readonly kind: 'answer'; readonly requestId: number; readonly ok: unknown }
  | { readonly kind: 'refusal'; readonly requestId: number; readonly error: WireError };
