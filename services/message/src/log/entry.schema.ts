import type { Head } from '@parley/contracts';
import type { UserId } from '@parley/protocol';
import { Schema, type Model } from 'mongoose';
import type { Entry } from './entry.ts';

/** An Entry as it lies in the collection `entries`. Its indexes are made by the migrations. */
export interface StoredEntry extends Head {
  readonly entryId: string;
  readonly event: Entry['event'];
  readonly userId: UserId;
  readonly data: Readonly<Record<string, unknown>>;
}

export type EntryModel = Model<StoredEntry>;

/** Name of the mongoose model. */
export const ENTRY_MODEL = 'Entry';

const required = { required: true } as const;

export const entrySchema = new Schema<StoredEntry>(
  {
    roomId: { type: String, ...required },
    seq: { type: Number, ...required },
    entryId: { type: String, ...required },
    event: { type: String, ...required },
    userId: { type: String, ...required },
    at: { type: Number, ...required },
    count: { type: Number, ...required },
    memberDelta: { type: Number, ...required },
    messageSeq: { type: Number, ...required },
    data: { type: Schema.Types.Mixed, ...required },
  },
  { collection: 'entries', versionKey: false, minimize: false },
);
