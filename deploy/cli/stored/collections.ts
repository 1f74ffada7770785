/** How the value of a column is stored in MongoDB. */
type Kind = 'value' | 'json';

/** One kind of records as both databases hold it: a table with columns in snake_case, a collection with the same fields in camelCase. */
export interface StoredCollection {
  /** Of the table and of the collection. */
  readonly name: string;
  /** The columns that tell a record from all others. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, Kind>>;
  /** Where the document is not simply the row's fields. */
  readonly reshape?: (fields: Fields) => Fields;
}

export type Fields = Readonly<Record<string, unknown>>;
export type Row = Readonly<Record<string, unknown>>;

/**
 * All that Parley stores besides the bytes of images and what follows from the rest (the search index, which is made anew), in the order in which it is copied. A test compares it with the
 * schema that the migrations make: whoever adds a table or a column adds it here.
 */
export const STORED_COLLECTIONS: readonly StoredCollection[] = [
  {
    name: 'users',
    key: ['user_id'],
    columns: values('user_id email display_name display_name_key password_hash rooms_version created_at last_seen_at'),
  },
  { name: 'sessions', key: ['session_id'], columns: values('session_id user_id renewed_at expires_at') },
  {
    name: 'rooms',
    key: ['room_id'],
    columns: {
      ...values('room_id name creator_id initial_member_count member_count change_count created_at'),
      first_member_ids: 'json',
    },
  },
  {
    name: 'memberships',
    key: ['room_id', 'user_id'],
    columns: values('room_id user_id join_order read_seq read_count role'),
  },
  {
    name: 'membership_announcements',
    key: ['room_id', 'change_number'],
    columns: { ...values('room_id change_number entry_id event user_id made_at'), data: 'json' },
  },
  { name: 'invitations', key: ['token_digest'], columns: values('token_digest room_id creator_id expires_at') },
  {
    name: 'entries',
    key: ['room_id', 'seq'],
    columns: { ...values('room_id seq entry_id event user_id at count member_delta message_seq'), data: 'json' },
  },
  { name: 'mentions', key: ['user_id', 'room_id', 'seq'], columns: values('user_id room_id seq') },
  {
    name: 'reactions',
    key: ['room_id', 'message_id', 'emoji', 'user_id'],
    columns: values('room_id message_id emoji user_id seq'),
  },
  {
    name: 'attachments',
    key: ['attachment_id'],
    columns: values(
      `attachment_id user_id content_type size width height stored_bytes thumbnail_bytes state room_id message_id
       touched_at`,
    ),
    reshape: ({ roomId, messageId, ...record }) => ({
      ...record,
      claim: roomId === null ? null : { roomId, messageId },
    }),
  },
];

/** The record of a row, as MongoDB holds it. Throws SyntaxError where JSON is damaged. */
export function toDocument({ columns, reshape }: StoredCollection, row: Row): Fields {
  const fields = Object.entries(columns).map(([column, kind]) => {
    const value = row[column] ?? null;
    return [fieldOf(column), kind === 'json' && typeof value === 'string' ? JSON.parse(value) : value] as const;
  });
  const document = Object.fromEntries(fields) as Fields;
  return reshape ? reshape(document) : document;
}

/** `room_id` → `roomId` */
export const fieldOf = (column: string): string =>
  column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function values(columns: string): Record<string, Kind> {
  return Object.fromEntries(columns.split(/\s+/).map((column) => [column, 'value' as const]));
}

export function storedCollection(name: string): StoredCollection {
  const collection = STORED_COLLECTIONS.find((one) => one.name === name);
  if (collection === undefined) throw new Error(`${name} is in no list of collections.`);
  return collection;
}
