/** The kinds of faults in stored data. */
export type FindingKind =
  | 'hole'
  | 'doubled_seq'
  | 'doubled_entry'
  | 'wrong_count'
  | 'time_falls'
  | 'unreadable'
  | 'no_room'
  | 'wrong_members'
  | 'wrong_read'
  | 'attachment_missing'
  | 'attachment_unclaimed'
  | 'bytes_missing';

export interface Finding {
  readonly kind: FindingKind;
  /** The room or attachment, for the report. */
  readonly where: string;
  /** A sentence. */
  readonly detail: string;
}
