import type { Head } from '@parley/contracts';
import type { AttachmentRecord, Entry } from '@parley/message';
import type { AttachmentId, RoomId, UserId } from '@parley/protocol';

/** All that is known of one room at one moment, but for its log before the head. */
export interface RoomState {
  /** undefined: there is no such room, only something that refers to it. */
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

/** A live database, as whoever verifies it reads it. Nothing is written. */
export interface StoredData {
  /** Of every room that has a row, a member or a log. */
  roomIds(): Promise<RoomId[]>;
  readRoom(roomId: RoomId): Promise<RoomState>;
  /** Ascending by seq. */
  readEntries(roomId: RoomId, range: { from: number; to: number }): AsyncIterable<StoredEntry>;
  /** The entryIds that more than one entry up to there has. */
  doubledEntryIds(roomId: RoomId, to: number): Promise<string[]>;
  attachments(): AsyncIterable<AttachmentRecord>;
  findAttachments(attachmentIds: readonly AttachmentId[]): Promise<AttachmentRecord[]>;
  /** Bytes that are there of it; undefined: none. */
  storedSize(attachmentId: AttachmentId, variant: Variant): Promise<number | undefined>;
  close(): Promise<void>;
}
