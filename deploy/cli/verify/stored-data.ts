import type { Head } from '@parley/contracts';
import type { AttachmentRecord, Entry } from '@parley/message';
import type { AttachmentId, RoomId, UserId } from '@parley/protocol';

/** One room at one moment, without its log before the head. */
export interface RoomState {
  /** undefined: the room does not exist, but other data refers to it. */
  readonly room: { readonly initialMemberCount: number; readonly memberCount: number } | undefined;
  readonly head: Head;
  readonly members: readonly {
    readonly userId: UserId;
    readonly readSeq: number | null;
    readonly readCount: number | null;
  }[];
  /** Changes of membership that have no entry yet. */
  readonly unannounced: readonly { readonly event: string }[];
}

/** An entry, or why it cannot be read. */
export type StoredEntry = { readonly entry: Entry } | { readonly seq: number; readonly unreadable: string };

export type Variant = 'image' | 'thumbnail';

/** Read access to a live database for its verification. */
export interface StoredData {
  /** The rooms that have a row, a member or a log. */
  roomIds(): Promise<RoomId[]>;
  readRoom(roomId: RoomId): Promise<RoomState>;
  /** Ascending by seq. */
  readEntries(roomId: RoomId, range: { from: number; to: number }): AsyncIterable<StoredEntry>;
  /** The entryIds of more than one entry up to that seq. */
  doubledEntryIds(roomId: RoomId, to: number): Promise<string[]>;
  attachments(): AsyncIterable<AttachmentRecord>;
  findAttachments(attachmentIds: readonly AttachmentId[]): Promise<AttachmentRecord[]>;
  /** The size in bytes; undefined: there is no file. */
  storedSize(attachmentId: AttachmentId, variant: Variant): Promise<number | undefined>;
  close(): Promise<void>;
}
