/**
 * What a tab and the engine say to each other over a port. Tabs are views: the engine sends one snapshot and then
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
  /** Changes when the engine is a new one: then a tab says hello again. */
  readonly engineId: string;
  readonly user: OwnUser;
  readonly limits: ConnectionLimits | null;
  readonly connection: ConnectionStatus;
  readonly storage: StorageStatus;
  /** In no order. false: the list has not been had from the server yet. */
  readonly rooms: readonly ListedRoom[];
  readonly roomsLoaded: boolean;
  readonly users: readonly User[];
  readonly unsent: readonly UnsentMessage[];
  readonly drafts: readonly DraftView[];
  /** Of those whose presence is known. */
  readonly presence: readonly Presence[];
}

export type Patch =
  | { readonly kind: 'connection'; readonly connection: ConnectionStatus; readonly limits: ConnectionLimits | null }
  | { readonly kind: 'storage'; readonly storage: StorageStatus }
  /** Rooms that are new or have changed; the others stay as they are. */
  | { readonly kind: 'rooms'; readonly rooms: readonly ListedRoom[]; readonly roomsLoaded: boolean }
  | { readonly kind: 'room_removed'; readonly roomId: RoomId }
  /** Before it: an owner has removed one from the room. */
  | { readonly kind: 'removed_from_room'; readonly roomId: RoomId; readonly removedBy: UserId }
  | { readonly kind: 'users'; readonly users: readonly User[] }
  | { readonly kind: 'unsent'; readonly upserted: readonly UnsentMessage[]; readonly removed: readonly MessageId[] }
  /** To the tabs that have the room open. `replace`: forget what you had. Else: entries to merge by seq. */
  | { readonly kind: 'timeline'; readonly replace: boolean; readonly timeline: TimelineView }
  /** To the tabs that have the room open: messages changed, also such as are not in its timeline. */
  | { readonly kind: 'message_changes'; readonly roomId: RoomId; readonly changes: readonly MessageChange[] }
  /** To the tabs that have the room open. `replace`: forget who else was known to have read. */
  | {
      readonly kind: 'readers';
      readonly roomId: RoomId;
      readonly replace: boolean;
      readonly readers: readonly Reader[];
    }
  /** To the tabs that have the room open: all who are typing now. */
  | { readonly kind: 'typing'; readonly roomId: RoomId; readonly userIds: readonly UserId[] }
  /** Of whom it is new or has changed. `replace`: of nobody else it is known. */
  | { readonly kind: 'presence'; readonly replace: boolean; readonly presence: readonly Presence[] }
  /** `text: ''` when there is none. `origin`: the tab that typed just this, which is not sent it. */
  | { readonly kind: 'draft'; readonly roomId: RoomId; readonly text: string; readonly origin: string | null }
  /** All images of a draft, to every tab. */
  | { readonly kind: 'draft_images'; readonly roomId: RoomId; readonly images: readonly DraftAttachment[] }
  | { readonly kind: 'draft_reply'; readonly roomId: RoomId; readonly replyTo: MessageId | null }
  /** A message that came while nobody looked at any tab. To one tab. */
  | { readonly kind: 'notice'; readonly message: Message }
  /** Load the page again: the session belongs to someone else, or (`sameUser`) what the page shows of rooms is void. */
  | { readonly kind: 'reload'; readonly sameUser?: true };

/** What the server is asked as it is, and its answer. */
interface Asked<A extends Action> {
  data: ActionData<A>;
  ok: ActionOk<A>;
}

/** What a tab wants, by name, with what it is answered. Rejected with a WireError. */
export interface Intents {
  open_room: { data: { readonly roomId: RoomId }; ok: null };
  close_room: { data: { readonly roomId: RoomId }; ok: null };
  /** Of an open room: whether the tab shows nothing but its end. Of a room that all tabs show so, little is kept. */
  set_at_end: { data: { readonly roomId: RoomId; readonly atEnd: boolean }; ok: null };
  /** Loads the page above what is loaded. Answered when it has been sent as a patch. */
  load_older: { data: { readonly roomId: RoomId }; ok: null };
  /**
   * Answered once the message is stored in the outbox (and the draft deleted): then the composer may clear. The images
   * with these ids leave the draft with it; `not_found` when one of them is not there.
   * The tab makes the messageId (`newMessageId()` of domain/ids.ts), so that an intent said twice is one message.
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
    /** `draft`: the text that remains in the room, where another tab has written on. */
    ok: { readonly messageId: MessageId; readonly draft: string };
  };
  retry_message: { data: { readonly messageId: MessageId }; ok: null };
  delete_message: { data: { readonly messageId: MessageId }; ok: null };
  /** The failed message's text and images become (or are put before) the room's draft, which answers what it answered. */
  return_to_draft: { data: { readonly messageId: MessageId }; ok: null };
  /** `base`: the draft that the text grew from. Answered with what it was merged to, if others wrote meanwhile. */
  save_draft: {
    data: { readonly roomId: RoomId; readonly text: string; readonly base?: string };
    ok: { readonly text: string };
  };
  /** The message that what is written in the room answers. */
  set_draft_reply: { data: { readonly roomId: RoomId; readonly replyTo: MessageId | null }; ok: null };
  /** Answered once it is stored. */
  add_draft_image: { data: { readonly roomId: RoomId; readonly image: DraftAttachment }; ok: null };
  remove_draft_image: { data: { readonly roomId: RoomId; readonly imageId: string }; ok: null };
  /** Answered when the server has made it; without a connection once it is stored, to be made when there is one. */
  create_room: {
    data: {
      readonly roomId: RoomId;
      readonly name?: string;
      readonly memberIds: readonly UserId[];
      /** Those of them whom the tab knows, to be shown until the server has made the room. */
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
  /** Everything up to the seq was on the screen. Kept until the server knows. */
  read_room: { data: { readonly roomId: RoomId; readonly seq: number }; ok: null };
  get_readers: Asked<'get_readers'>;
  /** Something was typed in the room. Said with each key: the engine tells the server rarely enough. */
  set_typing: { data: { readonly roomId: RoomId }; ok: null };
  /** The person did something at this browser. */
  set_active: { data: Record<string, never>; ok: null };
  /**
   * Whose presence this tab shows, in the place of those it said before. `pushed`: they are of a room that is small
   * enough for the server to tell of changes by itself.
   */
  watch_presence: { data: { readonly userIds: readonly UserId[]; readonly pushed: boolean }; ok: null };
  /** Any part of the history. Answered with the page; it is in no timeline. */
  get_messages: Asked<'get_messages'>;
  find_messages: Asked<'find_messages'>;
  search_messages: Asked<'search_messages'>;
  /** Those three are refused as `unavailable` without a connection: they are not kept for later. */
  update_message: { data: ActionData<'update_message'>; ok: null };
  delete_sent_message: { data: ActionData<'delete_message'>; ok: null };
  set_reaction: { data: ActionData<'set_reaction'>; ok: null };
  /** Nothing of what others wrote stays in this browser after its person has logged out; what is unsent does. */
  clear_cache: { data: Record<string, never>; ok: null };
  /** Tries to connect now instead of at nextTryAt. */
  reconnect: { data: Record<string, never>; ok: null };
}

export type Intent = keyof Intents;

export type TabMessage =
  | {
      readonly kind: 'hello';
      readonly tabId: string;
      /** Whom the tab's page believes to be signed in. */
      readonly user: OwnUser;
      readonly visible: boolean;
    }
  | { readonly kind: 'visibility'; readonly visible: boolean }
  /** Asks for a sign of life: an engine answers with patches, if only none. */
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
      /** The engine does not know the tab by this port: it is to say hello. */
      readonly isStranger?: true;
    }
  | { readonly kind: 'answer'; readonly requestId: number; readonly ok: unknown }
  | { readonly kind: 'refusal'; readonly requestId: number; readonly error: WireError };
